import { type JsonObject, knownRequest, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { resultIn, type Run } from './run.ts';

type Score = { readonly id: number; readonly score: number };

/** Documents by how well they answer a query. https://developers.cloudflare.com/workers-ai/models/bge-reranker-base/ */
export function rerank(run: Run): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { query, top_n: most } = knownRequest(call, ['query', 'documents', 'top_n', 'return_documents']);
      const contexts = textsOf(call).map((text) => ({ text }));
      return { ...run(call.deployment), body: JSON.stringify({ query, contexts, ...(typeof most === 'number' && { top_k: most }) }) };
    },
    toReply(body, call) {
      const { response } = resultIn<{ readonly response: readonly Score[] }>(body);
      const texts = call.request.return_documents === true ? textsOf(call) : undefined;
      const results = response?.map(({ id, score }) => ({ index: id, relevance_score: score, ...(texts && { document: { text: texts[id] } }) }));
      return results ? { results: results.sort((one, other) => other.relevance_score - one.relevance_score) } : {};
    },
  };
}

function textsOf({ request: { documents }, deployment: { provider } }: ProviderCall): readonly string[] {
  return (documents as readonly (string | JsonObject)[]).map((document, index) => {
    const text = typeof document === 'string' ? document : document.text;
    if (typeof text !== 'string') throw unsupportedParameter(`documents[${index}]`, provider, 'it has no text');
    return text;
  });
}
