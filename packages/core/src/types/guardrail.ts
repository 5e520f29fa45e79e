import type { JsonObject, MaybePromise } from './json.ts';

/** What a guardrail says of a text. A reason is shown to the caller, so it names the rule and not the secret. */
export type Verdict =
  | { readonly action: 'allow' }
  | { readonly action: 'redact'; readonly text: string }
  | { readonly action: 'block'; readonly reason: string };

export type GuardrailText = {
  readonly text: string;
  readonly direction: 'input' | 'output';
  /** Where the text stands, such as `messages[2].content[0].text`. */
  readonly place: string;
  readonly signal: AbortSignal;
};

/**
 * Judges one piece of text. Knows nothing of requests, streams or HTTP.
 *
 * Test it by passing `guardrailContract` from `@sluice/testing`.
 */
export type Guardrail = {
  readonly name: string;
  /** What a failure of the guardrail itself means. Default `closed`: the call is refused. */
  readonly onError?: 'closed' | 'open';
  check(text: GuardrailText): MaybePromise<Verdict>;
};

/**
 * How a streamed answer is judged. `buffer`: held back whole, then judged once. `window`: held back by
 * `characters`, judged as it grows; finds what is no longer than the window. `observe`: passed at once and
 * judged behind; a block cuts the stream, a redaction comes too late and counts as a block.
 */
export type StreamScreening = { readonly mode: 'buffer' } | { readonly mode: 'window'; readonly characters: number } | { readonly mode: 'observe' };

export type GuardrailUse = {
  readonly guardrail: Guardrail;
  readonly on: readonly ('input' | 'output')[];
  /** Default: a window of 256 characters. */
  readonly stream?: StreamScreening;
  /** Whether every call passes it (default), or only those whose policy names it. */
  readonly always?: boolean;
};

/** What a guardrail package exports as `guardrail`, so that a configuration file can name the package. */
export type GuardrailPackage = {
  /**
   * Makes the guardrail from options as they stand in the file.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject): Guardrail;
};
