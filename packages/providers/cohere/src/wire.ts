// Cohere's API (v2) on the wire, as far as it is written or read here. https://docs.cohere.com/v2/reference/chat
import type { JsonObject } from '@sluice/core';

export type Content = { readonly type?: string; readonly text?: string; readonly thinking?: string };

export type ToolCall = { readonly id?: string; readonly function?: { readonly name?: string; readonly arguments?: string | null } };

export type LogprobItem = { readonly text?: string; readonly logprobs?: readonly number[] };

type Units = { readonly input_tokens?: number; readonly output_tokens?: number };

export type ChatUsage = {
  /** What is paid for. */
  readonly billed_units?: Units;
  /** What the model has read and written, Cohere's own preamble included, which nobody pays for. */
  readonly tokens?: Units & { readonly reasoning_tokens?: number; readonly image_tokens?: number };
  readonly cached_tokens?: number;
};

export type ChatResponse = {
  readonly id?: string;
  readonly message?: {
    readonly content?: readonly Content[];
    readonly tool_plan?: string;
    readonly tool_calls?: readonly ToolCall[];
    readonly citations?: readonly JsonObject[];
  };
  readonly finish_reason?: string;
  readonly usage?: ChatUsage;
  readonly logprobs?: readonly LogprobItem[];
};

/** One event of a stream. What is new stands in `delta`; parts of the message are counted by `index`. */
export type ChatEvent = {
  readonly type?: string;
  readonly id?: string;
  readonly index?: number;
  readonly delta?: {
    readonly message?: {
      readonly content?: Content;
      readonly tool_plan?: string;
      readonly tool_calls?: ToolCall;
      readonly citations?: JsonObject;
    };
    readonly finish_reason?: string;
    readonly usage?: ChatUsage;
    readonly error?: string;
  };
  readonly logprobs?: LogprobItem;
};
