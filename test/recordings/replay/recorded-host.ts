import type { Deployment, JsonObject, ModelRequest, Operation, Provider } from '@sluice/core';
import type { RecordedExchange } from '../../support/recordings.ts';

/** Whose recordings of what are answered by which provider. A new provider is one more of these in `hosts.ts`. */
export type RecordedHost = {
  /** Below the recordings: `anthropic/messages`. */
  readonly folder: string;
  readonly operation: Operation;
  readonly provider: Provider;
  readonly deployment?: (exchange: RecordedExchange) => Partial<Deployment>;
  /** What a caller of ours would have asked. Default: the recorded request, which is in OpenAI's form then. */
  readonly request?: (exchange: RecordedExchange) => ModelRequest;
  /** What has to come of it. Default: {@link told}, by the digest that the official clients have made of the same bytes. */
  readonly expected?: (exchange: RecordedExchange) => Expected;
  /** Recordings that are of something else, by their id, each with the reason. */
  readonly leftOut?: Readonly<Record<string, string>>;
  /** Recordings that are not answered right yet, by their id, each with the reason. */
  readonly misses?: Readonly<Record<string, string>>;
};

export type Expected =
  | { readonly kind: 'error'; readonly status?: number; readonly message?: string | undefined }
  /** A conversation: what is said, called and counted. */
  | ({ readonly kind: 'told' } & ToldExpected)
  /** A JSON answer that holds at least this, or this and nothing else. */
  | { readonly kind: 'json'; readonly body: unknown; readonly isExact?: boolean }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export type ToldExpected = {
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly args: unknown; readonly id?: string | undefined }[];
  /** In OpenAI's words. */
  readonly finish?: string | undefined;
  /** Whether thoughts are told. */
  readonly hasThoughts?: boolean;
  /** What the gateway counts, and tells who asks for it. Where a host can be understood in more than one way, each of them. */
  readonly usage?: CountsExpected;
  /** The error that ends the stream. */
  readonly streamError?: string | undefined;
};

export type CountsExpected = {
  readonly input: number | readonly number[];
  readonly output: number | readonly number[];
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
};

/** A question in OpenAI's form for hosts whose recorded requests are in their own, so that only the answer is judged. */
export function askedPlainly(isStream: boolean, more: JsonObject = {}): ModelRequest {
  return {
    model: 'recorded',
    messages: [{ role: 'user', content: 'recorded' }],
    ...(isStream && { stream: true, stream_options: { include_usage: true } }),
    ...more,
  };
}
