// Converse on the wire, as far as it is written or read here.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
import type { JsonObject } from '@sluice/core';

export type Reasoning = { readonly reasoningText?: { readonly text?: string; readonly signature?: string }; readonly redactedContent?: string };

export type Citation = { readonly title?: string; readonly location?: { readonly web?: { readonly url?: string } }; readonly [field: string]: unknown };

export type Block = {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input?: unknown; readonly type?: string };
  readonly reasoningContent?: Reasoning;
  readonly citationsContent?: { readonly content?: readonly { readonly text?: string }[]; readonly citations?: readonly Citation[] };
  readonly [field: string]: unknown;
};

export type TokenUsage = {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
  readonly [field: string]: unknown;
};

/** What an answer tells beside what was said. */
export type Beside = {
  readonly usage?: TokenUsage;
  readonly trace?: JsonObject;
  readonly performanceConfig?: JsonObject;
  readonly serviceTier?: JsonObject;
  readonly additionalModelResponseFields?: unknown;
};

export type ConverseResponse = Beside & {
  readonly output?: { readonly message?: { readonly content?: readonly Block[] } };
  readonly stopReason?: string;
};

export type Delta = {
  readonly text?: string;
  readonly toolUse?: { readonly input?: string };
  readonly reasoningContent?: { readonly text?: string; readonly signature?: string; readonly redactedContent?: string };
  readonly citation?: Citation;
  readonly [field: string]: unknown;
};

/** One event of a stream: its name stands beside it. */
export type StreamEvent = Beside & {
  readonly contentBlockIndex?: number;
  readonly start?: { readonly toolUse?: Block['toolUse']; readonly [field: string]: unknown };
  readonly delta?: Delta;
  readonly stopReason?: string;
};
