import { BOOKKEEPING_FIELDS, encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { omit } from '@sluice/openai-wire';
import { usageOf } from './answer/usage-of.ts';

/** https://docs.ollama.com/api/embed */
export function toEmbedRequest(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const { input } = request;
  if (Array.isArray(input) && input.some((item) => typeof item !== 'string')) {
    throw unsupportedParameter('input', deployment.provider, 'it reads texts, and no tokens');
  }
  return omit(request, 'encoding_format', ...BOOKKEEPING_FIELDS) as ModelRequest;
}

export const toEmbeddings: NonNullable<Mapping['toReply']> = (body, call) => {
  const { embeddings, model, ...rest } = body as JsonObject;
  if (!Array.isArray(embeddings)) return body as JsonObject;
  const data = embeddings.map((embedding: unknown, index) => ({ object: 'embedding', index, embedding }));
  const { prompt_tokens: tokens } = usageOf(rest) ?? {};
  return encodeEmbeddings({ object: 'list', model, data, ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }) }, call);
};
