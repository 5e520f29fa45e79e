import type { RecordedExchange } from '../../support/recordings.ts';
import type { CountsExpected, Expected } from './recorded-host.ts';

type Digest = RecordedExchange['digest'];
type DigestUsage = NonNullable<Digest['usage']> & { readonly cache_write?: number };

export type DigestReading = {
  /** The host's words for how an answer ends, where they are not OpenAI's. */
  readonly finish?: Readonly<Record<string, string>>;
  readonly usage?: (usage: DigestUsage, exchange: RecordedExchange) => CountsExpected;
  /** Whether errors keep the status that the host gave. Default: yes. */
  readonly keepsStatus?: boolean;
};

/** What a digest says of an answer. The digests were made by the official clients, of the same bytes. */
export function told({ finish = {}, usage: count = openaiCounts, keepsStatus = true }: DigestReading = {}): (exchange: RecordedExchange) => Expected {
  return (exchange) => {
    const { response, digest } = exchange;
    if (response.status >= 400) return { kind: 'error', ...(keepsStatus && { status: response.status }) };
    return {
      kind: 'told',
      text: digest.text ?? '',
      toolCalls: (digest.tool_calls ?? []).map(({ name, args }) => ({ name, args: args === '' ? {} : args })),
      finish: digest.finish === undefined ? undefined : (finish[digest.finish] ?? digest.finish),
      hasThoughts: (digest.reasoning_chars ?? 0) > 0,
      ...(digest.usage && { usage: count(digest.usage, exchange) }),
      streamError: digest.stream_error,
    };
  };
}

/** Thoughts may stand beside the output, and in the total alone. */
function openaiCounts({ input = 0, output = 0, total = 0, cached }: DigestUsage): CountsExpected {
  return { input, output: [output, total - input], ...(cached !== undefined && { cached }) };
}
