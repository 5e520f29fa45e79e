import { BOOKKEEPING_FIELDS, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { omit, renamed } from '@sluice/openai-wire';
import { withoutNulls } from './without-nulls.ts';

/** https://docs.mistral.ai/api/endpoint/embeddings */
export function toEmbeddingRequest(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const { input } = request;
  if (Array.isArray(input) && input.some((item) => typeof item !== 'string')) {
    throw unsupportedParameter('input', deployment.provider, 'it reads texts, and no tokens');
  }
  const known = omit(withoutNulls(request), ...BOOKKEEPING_FIELDS.filter((field) => field !== 'metadata'));
  return renamed(known, 'dimensions', 'output_dimension') as ModelRequest;
}
