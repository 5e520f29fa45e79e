import type { JsonObject, ProviderCall, Usage } from '@sluice/core';
import { readHostUsage } from '@sluice/openai-wire';

/** Mistral counts sound beside the prompt and not within it, as the total shows, and in seconds too. */
export function readMistralUsage(reply: JsonObject, call: ProviderCall): Usage | undefined {
  const usage = readHostUsage(reply, call);
  if (!usage) return undefined;
  const { total_tokens: total, prompt_audio_seconds: seconds } = reply.usage as JsonObject;
  const { inputTokens, outputTokens, audioInputTokens = 0 } = usage;
  const isBeside = audioInputTokens > 0 && total === inputTokens + outputTokens + audioInputTokens;
  return {
    ...usage,
    ...(isBeside && { inputTokens: inputTokens + audioInputTokens }),
    ...(typeof seconds === 'number' && seconds > 0 && { seconds }),
  };
}
