import type { JsonObject } from '../types/json.ts';

/**
 * How many searches of the web a reply tells of. Claude and OpenRouter count them in the usage, and so do mappings of
 * ours; Perplexity counts those of its research, and searches once for every other call; the Responses API shows each.
 * https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool https://docs.perplexity.ai/getting-started/pricing
 */
export function webSearchesIn(reply: JsonObject, usage: JsonObject): number | undefined {
  const counted = objectIn(usage.server_tool_use ?? usage.server_tool_use_details).web_search_requests ?? usage.num_search_queries;
  if (typeof counted === 'number') return counted;
  if (typeof usage.search_context_size === 'string') return 1;
  return Array.isArray(reply.output) ? reply.output.filter(isSearch).length : undefined;
}

/** Opening a page, and looking for something in it, are actions of the same tool that cost nothing. */
function isSearch(item: unknown): boolean {
  const { type, action } = objectIn(item);
  return type === 'web_search_call' && (objectIn(action).type ?? 'search') === 'search';
}

function objectIn(value: unknown): JsonObject {
  return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
}
