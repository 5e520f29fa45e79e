import { BOOKKEEPING_FIELDS, type ChatRequest, type JsonObject, type ProviderCall, supportedRequest } from '@sluice/core';

/** What Cohere has under the same name or another one. */
const NAMES: Readonly<Record<string, string>> = {
  max_tokens: 'max_tokens',
  temperature: 'temperature',
  top_p: 'p',
  top_k: 'k',
  seed: 'seed',
  frequency_penalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  logprobs: 'logprobs',
  ...same(['k', 'p', 'documents', 'citation_options', 'safety_mode', 'strict_tools', 'priority', 'raw_prompting']),
};

/** What another file maps. */
const MAPPED: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'max_completion_tokens', 'stop', 'stop_sequences', 'tools', 'tool_choice', 'parallel_tool_calls'],
  ...['response_format', 'reasoning_effort', 'thinking'],
]);

const WITHOUT_EFFECT: ReadonlySet<string> = new Set(BOOKKEEPING_FIELDS);

/** The request without what nothing here maps; as far as the deployment's rules let it be left out. */
export function knownRequest(call: ProviderCall): ChatRequest {
  const unknown = Object.keys(call.request).filter((name) => !isKnown(name) && !asksForNothing(name, call.request[name]));
  return supportedRequest(call, unknown) as ChatRequest;
}

/** Fields that go on as they are: renamed, and those that the deployment's rules let through. */
export function plainFields(request: ChatRequest): JsonObject {
  const limit = request.max_completion_tokens ?? request.max_tokens;
  const stop = request.stop ?? request.stop_sequences;
  const entries = Object.entries(request).filter(
    ([name, value]) => value !== undefined && value !== null && !MAPPED.has(name) && !WITHOUT_EFFECT.has(name) && !asksForNothing(name, value),
  );
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [NAMES[name] ?? name, value])),
    ...(typeof limit === 'number' && { max_tokens: limit }),
    ...(stop !== undefined && stop !== null && { stop_sequences: [stop].flat() }),
  };
}

function isKnown(name: string): boolean {
  return Object.hasOwn(NAMES, name) || MAPPED.has(name) || WITHOUT_EFFECT.has(name);
}

function asksForNothing(name: string, value: unknown): boolean {
  return (name === 'service_tier' && (value === 'auto' || value === 'default')) || (name === 'logprobs' && value === false);
}

function same(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}
