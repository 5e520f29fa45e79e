import { type JsonObject, type ProviderCall, readUsage, type Usage } from '@sluice/core';

/** Usage as hosts report it, where they depart from OpenAI's way of counting or of naming the counts. */
export function readHostUsage(reply: JsonObject, call: ProviderCall): Usage | undefined {
  const usage = readUsage(reply) ?? totalOnly(reply);
  return usage && withSearch(withCached(withReasoning(usage, reply.usage as JsonObject), reply.usage as JsonObject), call);
}

/** In streams of the Responses API the whole response, and with it the usage, stands inside the event. */
export function readEventUsage(event: JsonObject): Usage | undefined {
  return readUsage((event.response as JsonObject | null | undefined) ?? event);
}

/** Embedding hosts that count only what there is to count. */
function totalOnly({ usage }: JsonObject): Usage | undefined {
  const total = (usage as JsonObject | null | undefined)?.total_tokens;
  return typeof total === 'number' ? readUsage({ usage: { prompt_tokens: total } }) : undefined;
}

/** xAI counts reasoning beside the output and not within it; the total tells. https://docs.x.ai/docs/guides/reasoning */
function withReasoning(usage: Usage, { total_tokens: total }: JsonObject): Usage {
  const { inputTokens, outputTokens, reasoningTokens = 0 } = usage;
  const isBeside = reasoningTokens > 0 && total === inputTokens + outputTokens + reasoningTokens;
  return isBeside ? { ...usage, outputTokens: outputTokens + reasoningTokens } : usage;
}

/** OpenAI's models that search do so once a call, and do not count it. https://developers.openai.com/api/docs/pricing */
function withSearch(usage: Usage, { operation, request: { web_search_options: options } }: ProviderCall): Usage {
  if (usage.webSearches !== undefined || operation !== 'chat' || options === undefined || options === null) return usage;
  return { ...usage, webSearches: 1 };
}

/** Cached tokens by other names: DeepSeek's, Together's, Mistral's. */
function withCached(usage: Usage, reported: JsonObject): Usage {
  if (usage.cachedInputTokens !== undefined) return usage;
  const { prompt_cache_hit_tokens: hit, cached_tokens: cached, num_cached_tokens: numCached } = reported;
  const found = [hit, cached, numCached].find((count) => typeof count === 'number' && count > 0 && count <= usage.inputTokens);
  return found === undefined ? usage : { ...usage, cachedInputTokens: found as number };
}
