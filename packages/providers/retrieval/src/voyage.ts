import { type JsonObject, knownFields, type Provider } from '@sluice/core';
import { requireDocuments, requireTexts } from './fields.ts';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { retrieval, toResult } from './retrieval-host.ts';

const EMBEDDING_FIELDS = ['input', 'dimensions', 'encoding_format', 'input_type', 'truncation', 'output_dimension', 'output_dtype'];
const RERANK_FIELDS = ['query', 'documents', 'top_n', 'return_documents', 'truncation'];

/** https://docs.voyageai.com/reference/embeddings-api and https://docs.voyageai.com/reference/reranker-api */
export const VOYAGE: OwnForm = {
  name: 'voyage',
  baseUrl: 'https://api.voyageai.com/v1',
  keys: ['VOYAGE_API_KEY', 'VOYAGE_AI_API_KEY'],
  baseUrls: ['VOYAGE_API_BASE', 'VOYAGE_BASE_URL'],
  probePath: '/models',
  models: ['voyage-*'],
  operations: retrieval({
    toEmbeddingFields(call) {
      requireTexts(call);
      const { encoding_format: format, dimensions, ...fields } = knownFields(call, EMBEDDING_FIELDS);
      // Numbers are what it sends unless told otherwise, and have no name there.
      return { ...fields, ...(dimensions !== undefined && { output_dimension: dimensions }), ...(format === 'base64' && { encoding_format: format }) };
    },
    toRerankFields(call) {
      const { top_n: most, ...fields } = knownFields(call, RERANK_FIELDS);
      return { ...fields, documents: requireDocuments(call), ...(most !== undefined && { top_k: most }) };
    },
    toResults(body) {
      const { data, ...rest } = body as JsonObject & { readonly data?: readonly JsonObject[] };
      return data ? { ...rest, object: 'list', results: data.map(toResult) } : rest;
    },
  }),
};

/**
 * Voyage AI: embeddings and reranking.
 *
 * @example voyage({ apiKey: process.env.MY_VOYAGE_KEY })
 */
export function voyage(options: HostOptions = {}): Provider {
  return ownFormProvider(VOYAGE, options);
}
