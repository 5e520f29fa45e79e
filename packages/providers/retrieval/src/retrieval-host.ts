import { encodeEmbeddings, type JsonObject, type Mapping, type ModelRequest, type ProviderCall } from '@sluice/core';
import { type EndpointOf, type OwnForm, readHostUsage, toError } from '@sluice/openai-wire';

/** Where a host departs from the usual form of embeddings and of reranking. */
export type RetrievalForm = {
  toEmbeddingFields(call: ProviderCall): JsonObject;
  toRerankFields(call: ProviderCall): JsonObject;
  /** The answer about documents in Cohere's form, which callers read. */
  toResults(body: unknown, call: ProviderCall): JsonObject;
};

/** Vectors and orders of documents, both asked for in JSON. */
export function retrieval(form: RetrievalForm): OwnForm['operations'] {
  return (endpointOf) => ({
    embeddings: { ...asJson('embeddings', endpointOf, form.toEmbeddingFields), toReply: encodeEmbeddings, toUsage: readHostUsage },
    rerank: { ...asJson('rerank', endpointOf, form.toRerankFields), toReply: form.toResults },
  });
}

function asJson(
  operation: 'embeddings' | 'rerank',
  endpointOf: EndpointOf,
  toFields: (call: ProviderCall) => JsonObject,
): Pick<Mapping, 'toRequest' | 'toError'> {
  return {
    toRequest(call) {
      const { url, jsonHeaders } = endpointOf(call.deployment);
      return { url: url(operation), headers: jsonHeaders, body: JSON.stringify({ ...toFields(call), model: call.deployment.model }) };
    },
    toError: (error, { deployment }) => toError(error, endpointOf(deployment).key),
  };
}

/** Results with their documents, where they were asked for, in Cohere's form. */
export function toResult({ index, relevance_score: score, document, ...rest }: JsonObject): JsonObject {
  return { index, relevance_score: score, ...(document !== undefined && { document: typeof document === 'string' ? { text: document } : document }), ...rest };
}

/** Documents as texts: those that come as objects hold it as `text`. */
export function textsOf({ documents }: ModelRequest): readonly (string | undefined)[] {
  return (documents as readonly (string | JsonObject)[]).map((document) => {
    const text = typeof document === 'string' ? document : document.text;
    return typeof text === 'string' ? text : undefined;
  });
}
