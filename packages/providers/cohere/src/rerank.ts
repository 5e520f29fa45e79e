import { type JsonObject, type Mapping, type ProviderCall, supportedRequest } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { toError } from './to-error.ts';

const KNOWN: ReadonlySet<string> = new Set([
  ...['model', 'query', 'documents', 'top_n', 'return_documents', 'max_tokens_per_doc', 'priority', 'user', 'cache', 'metadata'],
]);

type Answer = JsonObject & { readonly results?: readonly (JsonObject & { readonly index?: number })[] };

/** Documents by how well they answer a query. The second version takes texts only, and sends none back. https://docs.cohere.com/v2/reference/rerank */
export function rerank(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      return { url: url('rerank'), headers, body: JSON.stringify(toBody(call)) };
    },
    toReply: (body, { request }) =>
      request.return_documents === true ? withDocuments(body as Answer, request.documents as readonly unknown[]) : (body as Answer),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toBody(call: ProviderCall): JsonObject {
  const unknown = Object.keys(call.request).filter((name) => !KNOWN.has(name));
  const { query, documents, top_n: topN, max_tokens_per_doc: maxTokens, priority } = supportedRequest(call, unknown);
  return {
    model: call.deployment.model,
    query,
    documents: (documents as readonly unknown[]).map(toText),
    ...(typeof topN === 'number' && { top_n: topN }),
    ...(typeof maxTokens === 'number' && { max_tokens_per_doc: maxTokens }),
    ...(priority !== undefined && { priority }),
  };
}

/** Of an object the text, as the first version had it, or else all of it. */
function toText(document: unknown): string {
  if (typeof document === 'string') return document;
  const { text } = document as JsonObject;
  return typeof text === 'string' ? text : JSON.stringify(document);
}

function withDocuments(answer: Answer, documents: readonly unknown[]): JsonObject {
  const results = answer.results?.map((result) => ({ ...result, document: toDocument(documents[result.index ?? -1]) }));
  return { ...answer, ...(results && { results }) };
}

function toDocument(document: unknown): unknown {
  return typeof document === 'string' ? { text: document } : document;
}
