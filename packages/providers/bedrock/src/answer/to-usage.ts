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

type CacheDetail = { readonly ttl?: string; readonly inputTokens?: number };

/** How long what was newly cached is kept, by Bedrock's words and, for the bill, by Anthropic's. */
function lifetimes({ cacheDetails }: JsonObject): JsonObject {
  if (!Array.isArray(cacheDetails)) return {};
  const written = (wanted: string): number =>
    (cacheDetails as readonly CacheDetail[]).reduce((sum, { ttl, inputTokens = 0 }) => (ttl === wanted ? sum + inputTokens : sum), 0);
  return {
    cache_details: cacheDetails,
    cache_creation: { ephemeral_5m_input_tokens: written('5m'), ephemeral_1h_input_tokens: written('1h') },
  };
}
