import type { JsonObject, WireUsage } from '@sluice/core';
import type { TokenUsage } from '../wire.ts';

/** Usage in OpenAI's form. Bedrock counts cached and newly cached input beside the rest, here they are part of it. */
export function toUsage({
  inputTokens = 0,
  outputTokens = 0,
  cacheReadInputTokens: cached = 0,
  cacheWriteInputTokens: written = 0,
  ...more
}: TokenUsage): WireUsage {
  const promptTokens = inputTokens + cached + written;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    ...lifetimes(more),
  };
}

/** How long what was newly cached is kept. */
function lifetimes({ cacheDetails }: JsonObject): JsonObject {
  return cacheDetails === undefined ? {} : { cache_details: cacheDetails };
}
