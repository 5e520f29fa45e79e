import { BOOKKEEPING_FIELDS, type ChatRequest, type JsonObject, type ProviderCall, supportedRequest } from '@sluice/core';

/** Those that another file maps. */
const MAPPED: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'top_k', 'n', 'stop', 'seed'],
  ...['frequency_penalty', 'presence_penalty', 'logprobs', 'top_logprobs', 'modalities', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['web_search_options', 'response_format', 'reasoning_effort', 'thinking', 'service_tier', 'media_resolution', 'image_config', 'tool_config'],
]);

const WITHOUT_EFFECT: ReadonlySet<string> = new Set(BOOKKEEPING_FIELDS);

/** Gemini's own fields of a request, by what callers may call them. They go on as they are. */
const OWN: Readonly<Record<string, string>> = {
  safety_settings: 'safetySettings',
  safetySettings: 'safetySettings',
  cached_content: 'cachedContent',
  cachedContent: 'cachedContent',
  labels: 'labels',
};

/** The request without what nothing here maps; as far as the deployment's options let it be left out. */
export function knownRequest(call: ProviderCall): ChatRequest {
  return supportedRequest(
    call,
    Object.keys(call.request).filter((name) => !isKnown(name)),
  ) as ChatRequest;
}

/** What goes on as it is: Gemini's own fields, and those that the deployment's options let through. */
export function ownFields(request: ChatRequest): JsonObject {
  const entries = Object.entries(request).filter(([name, value]) => value !== undefined && value !== null && !MAPPED.has(name) && !WITHOUT_EFFECT.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [Object.hasOwn(OWN, name) ? OWN[name] : name, value]));
}

function isKnown(name: string): boolean {
  return MAPPED.has(name) || WITHOUT_EFFECT.has(name) || Object.hasOwn(OWN, name);
}
