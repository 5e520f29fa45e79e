import type { JsonObject } from '@sluice/core';
import { omit } from '@sluice/openai-wire';

/** Parameters of OpenAI's by Ollama's names, and Ollama's own. https://docs.ollama.com/modelfile#valid-parameters-and-values */
const RENAMED: readonly (readonly [from: string, to: string])[] = [
  ['max_tokens', 'num_predict'],
  ['max_completion_tokens', 'num_predict'],
];
const NAMES = [
  ...['seed', 'temperature', 'top_k', 'top_p', 'min_p', 'typical_p', 'stop', 'frequency_penalty', 'presence_penalty', 'repeat_penalty', 'repeat_last_n'],
  ...['mirostat', 'mirostat_tau', 'mirostat_eta', 'num_ctx', 'num_predict', 'num_keep', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread', 'use_mmap'],
];

/** The request with what steers the model in `options`, where Ollama looks for it. */
export function withModelOptions(request: JsonObject): JsonObject {
  const { options } = request;
  const named = [...NAMES.map((name) => [name, name] as const), ...RENAMED].filter(([from]) => request[from] !== undefined && request[from] !== null);
  const steering = { ...(isObject(options) && options), ...Object.fromEntries(named.map(([from, to]) => [to, toOption(from, request[from])])) };
  const rest = omit(request, 'options', ...NAMES, ...RENAMED.map(([from]) => from));
  return Object.keys(steering).length > 0 ? { ...rest, options: steering } : rest;
}

function toOption(name: string, value: unknown): unknown {
  return name === 'stop' && typeof value === 'string' ? [value] : value;
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
