import type { JsonObject } from '../types/json.ts';

const SEARCH_TOOL = /^(?:web_search|google_?search)/i;

/** Whether a call lets the provider search the web: by OpenAI's options, or by a tool of the provider's own. */
export function asksForSearch({ web_search_options: options, tools }: JsonObject): boolean {
  return (options !== undefined && options !== null) || (Array.isArray(tools) && tools.some(isSearchTool));
}

/** Named by its type, or by the only field it has. */
function isSearchTool(tool: unknown): boolean {
  if (tool === null || typeof tool !== 'object') return false;
  const { type } = tool as JsonObject;
  return typeof type === 'string' ? SEARCH_TOOL.test(type) : Object.keys(tool).some((name) => SEARCH_TOOL.test(name));
}
