import type { Policy, Principal } from '../../types/principal.ts';
import type { Usage } from '../../types/usage.ts';
import type { ChatChunk, ChatMessage, ChatRequest, ChatResponse, ToolCall } from '../../types/chat.ts';
import type { JsonObject, MaybePromise } from '../../types/json.ts';

/** Does what a tool call asks for. What it returns is told to the model: text as it is, everything else as JSON. What it throws is told as well. */
export type ToolHandler = (args: JsonObject, call: ToolCallContext) => MaybePromise<unknown>;

export type ToolCallContext = {
  readonly toolCall: ToolCall;
  /** From 1. */
  readonly round: number;
  /** Aborts when nobody waits for the result any more. */
  readonly signal: AbortSignal;
};

/** A chat request, with what is to be done about tool calls. Whom the call is for is said as with any other call. */
export type ToolRunRequest = Omit<ChatRequest, 'stream' | 'n' | 'tools'> & {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** As in any chat request; each function needs a handler. */
  readonly tools: readonly JsonObject[];
  /** By the name of the function. */
  readonly handlers: Readonly<Record<string, ToolHandler>>;
  /** Answers of the model, the last one included. Default 10. */
  readonly maxRounds?: number;
  /** What all rounds together may cost, in nano-dollars. A round that might exceed it is not begun. */
  readonly maxCostNanoUsd?: number;
  /** The same in dollars, as text or number. */
  readonly maxCostUsd?: string | number;
  /** Handlers at work at the same time, for calls of one answer. Default 8. */
  readonly maxParallelCalls?: number;
  /** Hears of each round when its tools have run. It is waited for. */
  readonly onRound?: (round: ToolRound) => MaybePromise<void>;
  /** Hears the answers as they come, chunk by chunk; every round is streamed then. */
  readonly onChunk?: (chunk: ChatChunk, round: number) => void;
  readonly principal?: Principal;
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
  readonly policy?: Policy;
};

export type ToolResult = {
  readonly toolCall: ToolCall;
  /** What the model was told. */
  readonly content: string;
  /** Whether the handler failed, or there was nothing to run. */
  readonly isError: boolean;
};

export type ToolRound = {
  /** From 1. */
  readonly number: number;
  readonly response: ChatResponse;
  readonly results: readonly ToolResult[];
  readonly usage: Usage | undefined;
  /** Undefined where the model has no price. */
  readonly costNanoUsd: number | undefined;
};

export type ToolRun = {
  /** The text of the last answer. */
  readonly text: string;
  /** The last answer. */
  readonly response: ChatResponse;
  /** The whole conversation, the caller's messages first. */
  readonly messages: readonly ChatMessage[];
  readonly rounds: readonly ToolRound[];
  /** `answer`: the model is done. Otherwise a cap was reached, and the last answer has calls that were not run. */
  readonly ended: 'answer' | 'rounds' | 'cost';
  /** Of all rounds. */
  readonly usage: Usage;
  /** Of all rounds, in nano-dollars; undefined where the model has no price. */
  readonly costNanoUsd: number | undefined;
};
