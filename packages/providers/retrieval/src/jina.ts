import { type JsonObject, knownFields, type Provider } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { retrieval } from './retrieval-host.ts';

const EMBEDDING_FIELDS = ['input', 'dimensions', 'encoding_format', 'task', 'late_chunking', 'normalized', 'truncate', 'embedding_type'];
const RERANK_FIELDS = ['query', 'documents', 'top_n', 'return_documents'];

/** https://api.jina.ai/redoc */
export const JINA: OwnForm = {
  name: 'jina_ai',
  baseUrl: 'https://api.jina.ai/v1',
  keys: ['JINA_AI_API_KEY', 'JINA_API_KEY'],
  baseUrls: ['JINA_AI_API_BASE', 'JINA_AI_BASE_URL'],
  probePath: '/models',
  models: ['jina-*'],
  operations: retrieval({
    toEmbeddingFields(call) {
      // It says `embedding_type` for the kind of numbers and for their packing; the gateway packs what callers want packed.
      const { encoding_format: format, ...fields } = knownFields(call, EMBEDDING_FIELDS);
      return fields;
    },
    toRerankFields: (call) => knownFields(call, RERANK_FIELDS),
    toResults: (body) => body as JsonObject,
  }),
};

/**
 * Jina AI: embeddings of texts and pictures, and reranking.
 *
 * @example jina({ apiKey: process.env.MY_JINA_KEY })
 */
export function jina(options: HostOptions = {}): Provider {
  return ownFormProvider(JINA, options);
}
