import type { FinishReason } from '@sluice/core';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#bedrock-runtime_Converse-response-stopReason */
const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
};

/** Why the answer ended, in OpenAI's words and in the provider's. An answer given by way of a tool has just come to its end. */
export function finishOf(
  stopReason: string | undefined,
  isAnsweredByTool: boolean,
): { readonly finish_reason: FinishReason; readonly native_finish_reason?: string } {
  const reason = REASONS[stopReason ?? 'end_turn'] ?? 'stop';
  return {
    finish_reason: isAnsweredByTool && reason === 'tool_calls' ? 'stop' : reason,
    ...(stopReason !== undefined && { native_finish_reason: stopReason }),
  };
}
