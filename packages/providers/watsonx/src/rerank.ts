import { type JsonObject, knownRequest, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import type { Endpoints } from './endpoint.ts';

type Answer = {
  readonly results?: readonly { readonly index: number; readonly score: number; readonly input?: { readonly text?: string } }[];
  readonly input_token_count?: number;
};

/** Documents by how well they answer a query. https://cloud.ibm.com/apidocs/watsonx-ai#text-rerank */
export function rerank(endpointOf: Endpoints['endpointOf']): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { url, headers, head } = endpointOf(call.deployment);
      return { url: url('rerank'), headers, body: JSON.stringify({ ...head, ...toFields(call) }) };
    },
    toReply(body) {
      const { results, input_token_count: read } = body as Answer;
      return {
        ...(results && {
          results: [...results]
            .sort((one, other) => other.score - one.score)
            .map(({ index, score, input }) => ({ index, relevance_score: score, ...(input && { document: { text: input.text } }) })),
        }),
        ...(read !== undefined && { usage: { total_tokens: read } }),
      };
    },
  };
}

function toFields(call: ProviderCall): JsonObject {
  const request = knownRequest(call, ['query', 'documents', 'top_n', 'return_documents', 'truncate_input_tokens']);
  const { query, documents, top_n: most, return_documents: shown, truncate_input_tokens: truncate } = request;
  const inputs = (documents as readonly (string | JsonObject)[]).map((document, index) => {
    const text = typeof document === 'string' ? document : document.text;
    if (typeof text !== 'string') throw unsupportedParameter(`documents[${index}]`, call.deployment.provider, 'it has no text');
    return { text };
  });
  const wanted = { ...(typeof most === 'number' && { top_n: most }), ...(shown === true && { inputs: true }) };
  return { query, inputs, parameters: { ...(truncate !== undefined && { truncate_input_tokens: truncate }), return_options: wanted } };
}
