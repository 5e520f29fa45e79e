// The canonical shape is OpenAI's, as it is on the wire: snake_case, unknown fields kept.
import type { JsonObject } from './json.ts';

/** The body of any model call. Each operation adds fields of its own; what nobody here knows is kept. */
export type ModelRequest = {
  readonly model: string;
  readonly stream?: boolean | null;
  readonly [field: string]: unknown;
};

export type ContentPart = { readonly type: string; readonly text?: string; readonly [field: string]: unknown };

export type ToolCall = {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  readonly [field: string]: unknown;
};

export type ChatMessage = {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?: string | readonly ContentPart[] | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly [field: string]: unknown;
};

export type ChatRequest = ModelRequest & {
  readonly messages: readonly ChatMessage[];
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly n?: number | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
};

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

/** Usage as OpenAI reports it: `prompt_tokens` includes the cached ones, `completion_tokens` the reasoning ones. */
export type WireUsage = {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number;
    readonly cached_tokens_details?: { readonly audio_tokens?: number; readonly image_tokens?: number } | null;
    readonly cache_write_tokens?: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
  } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number; readonly audio_tokens?: number; readonly image_tokens?: number } | null;
  readonly [field: string]: unknown;
};

export type ChatChoice = {
  readonly index: number;
  /** Answers are text; only requests have parts. */
  readonly message: ChatMessage & { readonly content?: string | null };
  readonly finish_reason: FinishReason;
  readonly [field: string]: unknown;
};

export type ChatResponse = {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChoice[];
  readonly usage?: WireUsage;
  readonly [field: string]: unknown;
};

export type ChatDelta = {
  readonly role?: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly JsonObject[];
  readonly [field: string]: unknown;
};

export type ChatChunkChoice = {
  readonly index: number;
  readonly delta: ChatDelta;
  readonly finish_reason?: FinishReason | null;
  readonly [field: string]: unknown;
};

export type ChatChunk = {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChunkChoice[];
  readonly usage?: WireUsage | null;
  readonly [field: string]: unknown;
};
