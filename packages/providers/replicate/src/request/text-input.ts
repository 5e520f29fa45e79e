import { BOOKKEEPING_FIELDS, type ChatRequest, type JsonObject, type ProviderCall, refuser, supportedRequest, unsupportedParameter } from '@sluice/core';
import { toPrompt } from './prompt.ts';

/** What OpenAI's callers may ask for and no language model here has a word for. Other fields are the model's own inputs. */
const LACKS = [
  ...['n', 'best_of', 'suffix', 'echo', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call', 'response_format'],
  ...['logprobs', 'top_logprobs', 'logit_bias', 'modalities', 'audio', 'prediction', 'web_search_options', 'store', 'service_tier', 'moderation'],
];
const MAPPED: ReadonlySet<string> = new Set(['model', 'messages', 'prompt', 'stream', 'stop', 'max_tokens', 'max_completion_tokens', ...BOOKKEEPING_FIELDS]);

/**
 * The input of a language model. Each has a schema of its own: most have `prompt`, `system_prompt`, `max_tokens` and
 * `stop_sequences`; a deployment whose `options.input` is `messages` has those instead of a prompt.
 */
export function toTextInput(call: ProviderCall): JsonObject {
  const request = supportedRequest(call, LACKS) as ChatRequest;
  const own = Object.entries(request).filter(([name, value]) => !MAPPED.has(name) && value !== undefined && value !== null);
  const limit = request.max_completion_tokens ?? request.max_tokens;
  return {
    ...toQuestion(call, request),
    ...Object.fromEntries(own),
    ...(typeof limit === 'number' && { [limitName(call)]: limit }),
    ...toStop(call),
  };
}

function toQuestion({ operation, deployment }: ProviderCall, request: ChatRequest): JsonObject {
  if (operation === 'completions') return { prompt: onePrompt(request.prompt, deployment.provider) };
  if (deployment.options?.input === 'messages') return { messages: request.messages };
  return toPrompt(request.messages, deployment.provider);
}

function onePrompt(prompt: unknown, provider: string): string {
  const [text, ...more] = [prompt].flat();
  if (typeof text === 'string' && more.length === 0) return text;
  throw unsupportedParameter('prompt', provider, 'a prediction takes one prompt, as text');
}

/** OpenAI's models have OpenAI's newer name for it there, too. */
function limitName({ deployment: { model } }: ProviderCall): string {
  return model.startsWith('openai/') ? 'max_completion_tokens' : 'max_tokens';
}

/** One text, with commas between. */
function toStop({ request: { stop }, deployment }: ProviderCall): JsonObject {
  const texts = [stop ?? []].flat().map(String);
  if (texts.length === 0) return {};
  if (!texts.some((text) => text.includes(','))) return { stop_sequences: texts.join(',') };
  refuser(deployment)('stop', 'commas stand between the texts');
  return {};
}
