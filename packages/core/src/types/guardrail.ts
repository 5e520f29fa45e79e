import type { ModelRequest } from './chat.ts';
import type { JsonObject, MaybePromise } from './json.ts';

/** A piece of the judged text, from `start` up to, not including, `end`, as `String.slice` counts. */
export type Span = { readonly start: number; readonly end: number };

export type Edit = Span & { readonly replacement: string };

/**
 * What a guardrail says of a text. A reason is shown to the caller and logged, so it names the rule and
 * not the secret. A block with its `span` waits, in a stream, until what follows it is known; one without
 * means the text as a whole and counts at once.
 */
export type Verdict =
  | { readonly action: 'allow' }
  | { readonly action: 'redact'; readonly edits: readonly Edit[] }
  | { readonly action: 'block'; readonly reason: string; readonly span?: Span };

export type GuardrailText = {
  readonly text: string;
  /**
   * What stands before this index was judged before and is here as context only: findings that end at or
   * before it are not to be reported again. Above 0 only inside streams.
   */
  readonly from: number;
  readonly direction: 'input' | 'output';
  /** Where the text stands, such as `messages[2].content[0].text`. */
  readonly place: string;
  /** Aborts when the caller leaves, and when nobody waits for the verdict any more. */
  readonly signal: AbortSignal;
  /** Asks a model of the gateway that the guardrail runs in. Absent where it runs in none. */
  readonly ask?: AskModel;
};

/**
 * Has a model of the gateway answer: a call of the gateway's own, which no guardrail judges and no key pays for. It ends
 * when the signal of the text that is judged does.
 * @throws GatewayError of whatever kind the call fails with.
 */
export type AskModel = (operation: 'chat' | 'moderations', request: ModelRequest) => Promise<JsonObject>;

/**
 * Judges one piece of text. Knows nothing of requests, streams or HTTP.
 *
 * Test it by passing `guardrailContract` from `@sluice/testing`.
 */
export type Guardrail = {
  readonly name: string;
  /** What a failure of the guardrail itself means. Default `closed`: the call is refused. */
  readonly onError?: 'closed' | 'open';
  /** Longest wait for a verdict, in milliseconds; a longer one is a failure. Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Characters of the longest text it can find, where that is known: a window has to be at least as long. */
  readonly longestFinding?: number;
  /** How streams are judged by it, where its use says nothing else. Default: a window of 256 characters. */
  readonly screening?: StreamScreening;
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
  /** Default: as the guardrail says, or a window of 256 characters. */
  readonly stream?: StreamScreening;
  /** Whether every call passes it (default), or only those whose policy names it. */
  readonly always?: boolean;
};

/** What a guardrail package exports as `guardrail`, so that a configuration file can name the package. */
export type GuardrailPackage = {
  /**
   * Makes the guardrail from options as they stand in the file; `env` holds the credentials. Default: the process's environment.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject, env?: Readonly<Record<string, string | undefined>>): Guardrail;
};
