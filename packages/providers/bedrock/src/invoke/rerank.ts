import { type JsonObject, type Mapping, knownRequest } from '@sluice/core';
import type { AwsSigner } from '@sluice/aws-wire';
import { errorsOf } from '../converse/converse.ts';
import type { EndpointOf } from '../endpoint.ts';
import { readModelName } from '../model-name.ts';

type Answer = { readonly results?: readonly { readonly index: number; readonly relevance_score: number }[] };

const OWN = ['query', 'documents', 'top_n', 'return_documents', 'max_tokens_per_doc'];
/** Cohere's models are asked by the form of its second API. */
const COHERE_API = 2;

/** Which texts answer a question best, by Amazon's and Cohere's models. https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html */
export function rerank(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  return {
    toRequest(call) {
      const { query, documents, top_n: most, max_tokens_per_doc: perDocument } = knownRequest(call, OWN);
      const { url, headers } = endpointOf(call.deployment);
      const isCohere = readModelName(call.deployment).family === 'cohere';
      const body = {
        query,
        documents: (documents as readonly unknown[]).map(textOf),
        ...(typeof most === 'number' && { top_n: most }),
        ...(isCohere && { api_version: COHERE_API, ...(typeof perDocument === 'number' && { max_tokens_per_doc: perDocument }) }),
      };
      return { url: url('invoke'), headers, body: JSON.stringify(body) };
    },
    toReply(body, { request }) {
      const { results } = body as Answer;
      const documents = request.documents as readonly unknown[];
      const shown = (index: number): JsonObject => (request.return_documents === true ? { document: { text: textOf(documents[index]) } } : {});
      return { ...(results && { results: results.map(({ index, relevance_score }) => ({ index, relevance_score, ...shown(index) })) }) };
    },
    toError: errorsOf(signer),
  };
}

function textOf(document: unknown): string {
  if (typeof document === 'string') return document;
  const { text } = (document ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : JSON.stringify(document);
}
