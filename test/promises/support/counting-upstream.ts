import { startUpstream, stream } from '../../governance/support/upstream.ts';

export type CountingPlan = { readonly chunks: number; readonly everyMs: number };

/** Streams a token at a time, and keeps what it has sent to each end user. */
export type CountingUpstream = {
  readonly baseUrl: string;
  /** Tokens, by end user. */
  sent(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
};

export async function openCountingUpstream(plan: CountingPlan): Promise<CountingUpstream> {
  const sent: Record<string, number> = {};
  const upstream = await startUpstream((call) => stream({ ...plan, onChunk: (count) => (sent[String(call.body.user)] = count) })(call));
  return { baseUrl: upstream.baseUrl, sent: async () => ({ ...sent }), close: upstream.close };
}
