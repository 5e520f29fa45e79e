import type { FinishReason, JsonObject } from '@sluice/core';

/** https://docs.claude.com/en/api/handling-stop-reasons */
const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  compaction: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Why the answer ended, in OpenAI's words and in the provider's. An answer given by way of a tool has just come to its end. */
export function finishOf(
  stopReason: string | null | undefined,
  isAnsweredByTool: boolean,
): { readonly finish_reason: FinishReason; readonly native_finish_reason?: string } {
  const reason = REASONS[stopReason ?? 'end_turn'] ?? 'stop';
  return {
    finish_reason: isAnsweredByTool && reason === 'tool_calls' ? 'stop' : reason,
    ...(stopReason !== null && stopReason !== undefined && { native_finish_reason: stopReason }),
  };
}

const BESIDE = ['stop_sequence', 'stop_details', 'container', 'context_management'] as const;

/** What else the provider says about the end, where it says anything. */
export function besideFinish(told: JsonObject): JsonObject {
  return Object.fromEntries(BESIDE.filter((field) => told[field] !== undefined && told[field] !== null).map((field) => [field, told[field]]));
}
