import type { JsonObject, ModelRequest, Operation, Usage } from '@sluice/core';
import type { Recording } from './recording.ts';

/** One recorded exchange, and what a caller has to make of it. What is left out is not looked at. */
export type ProviderFixture = {
  readonly name: string;
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly answer: Recording;
  /** What was answered on the way there, where the provider takes a job and is asked until the job is done. */
  readonly before?: readonly Recording[];
  readonly expected: {
    readonly text?: string;
    /** Arguments parsed; an empty text counts as no arguments. */
    readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[];
    readonly finish?: string;
    readonly inputTokens?: number;
    readonly outputTokens?: number;
    /** What the gateway counts, whatever the answer says. */
    readonly usage?: Partial<Usage>;
    /** Fields of a whole answer, as the caller finds them. */
    readonly fields?: JsonObject;
    /** The answer is an error, of this status where it comes before the first byte. */
    readonly error?: { readonly status?: number; readonly message?: RegExp };
  };
};
