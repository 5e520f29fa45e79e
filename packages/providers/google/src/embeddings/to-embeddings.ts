import type { JsonObject } from '@sluice/core';

type Vector = { readonly values?: readonly number[] };

/** Vectors in OpenAI's form. Most models report no tokens; the gateway then counts for itself. */
export function toEmbeddings(vectors: readonly Vector[] | undefined, tokens: number | undefined, model: string): JsonObject {
  const data = vectors?.map(({ values = [] }, index) => ({ object: 'embedding', index, embedding: values }));
  return { object: 'list', model, ...(data && { data }), ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }) };
}
