import { type JsonObject, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';

/** Texts only. https://docs.mistral.ai/api/endpoint/classifiers */
export function toModerationRequest(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const { input } = request;
  if (!Array.isArray(input) || input.every((item) => typeof item === 'string')) return request;
  return { ...request, input: input.map((item: unknown, index) => textOf(item, `input[${index}]`, deployment.provider)) };
}

function textOf(item: unknown, path: string, provider: string): string {
  if (typeof item === 'string') return item;
  const { type, text } = item as JsonObject;
  if (type === 'text' && typeof text === 'string') return text;
  throw unsupportedParameter(path, provider, 'it judges texts only');
}

/** Mistral leaves it to its callers to say whether a category that is met makes a text a flagged one. */
export function toModeration(body: unknown): JsonObject {
  const reply = body as JsonObject;
  const { results } = reply;
  if (!Array.isArray(results)) return reply;
  return { ...reply, results: (results as readonly JsonObject[]).map((result) => ({ flagged: isFlagged(result), ...result })) };
}

function isFlagged({ categories }: JsonObject): boolean {
  return Object.values((categories ?? {}) as JsonObject).includes(true);
}
