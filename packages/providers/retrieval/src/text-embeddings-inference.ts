import { knownFields, type Provider } from '@sluice/core';
import { requireDocuments } from './fields.ts';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { retrieval } from './retrieval-host.ts';

const RERANK_FIELDS = ['query', 'documents', 'top_n', 'return_documents', 'truncate', 'truncation_direction', 'raw_scores'];

type Rank = { readonly index: number; readonly score: number; readonly text?: string };

/** A server of one's own, with one model. https://huggingface.github.io/text-embeddings-inference/ */
export const TEXT_EMBEDDINGS_INFERENCE: OwnForm = {
  name: 'text_embeddings_inference',
  baseUrl: 'http://127.0.0.1:8080',
  keys: ['TEXT_EMBEDDINGS_INFERENCE_API_KEY'],
  baseUrls: ['TEXT_EMBEDDINGS_INFERENCE_API_BASE', 'TEXT_EMBEDDINGS_INFERENCE_BASE_URL'],
  isOwnServer: true,
  paths: { embeddings: '/v1/embeddings' },
  probePath: '/info',
  operations: retrieval({
    toEmbeddingFields: ({ request }) => request,
    toRerankFields(call) {
      const { documents: _documents, top_n: _most, return_documents: asked, ...fields } = knownFields(call, RERANK_FIELDS);
      return { ...fields, texts: requireDocuments(call), return_text: asked === true };
    },
    // The best first, and all of them: it has no word for how many are wanted.
    toResults(body, { request: { top_n: most } }) {
      const wanted = typeof most === 'number' && most > 0 ? most : undefined;
      const ranks = (body as readonly Rank[]).slice(0, wanted);
      return { results: ranks.map(({ index, score, text }) => ({ index, relevance_score: score, ...(text !== undefined && { document: { text } }) })) };
    },
  }),
};

/** Text Embeddings Inference: embeddings, and reranking where its model is one for that. */
export function textEmbeddingsInference(options: HostOptions = {}): Provider {
  return ownFormProvider(TEXT_EMBEDDINGS_INFERENCE, options);
}
