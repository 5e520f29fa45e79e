import { type JsonObject, knownRequest, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';

/** Documents by how near they are to a query. https://huggingface.co/docs/inference-providers/providers/hf-inference */
export function sentenceSimilarity(endpointOf: EndpointOf): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { query } = knownRequest(call, ['query', 'documents', 'top_n', 'return_documents']);
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      return { url: url('rerank'), headers, body: JSON.stringify({ inputs: { source_sentence: query, sentences: sentencesOf(call) } }) };
    },
    toReply,
  };
}

function sentencesOf({ request: { documents }, deployment: { provider } }: ProviderCall): readonly string[] {
  return (documents as readonly (string | JsonObject)[]).map((document, index) => {
    const text = typeof document === 'string' ? document : document.text;
    if (typeof text !== 'string') throw unsupportedParameter(`documents[${index}]`, provider, 'it has no text');
    return text;
  });
}

/** It answers with a number for each; callers want the best first. */
function toReply(body: unknown, call: ProviderCall): JsonObject {
  if (!Array.isArray(body)) return {};
  const { top_n: most, return_documents: shown } = call.request;
  const sentences = shown === true ? sentencesOf(call) : [];
  const results = (body as readonly number[])
    .map((score, index) => ({ index, relevance_score: score, ...(shown === true && { document: { text: sentences[index] } }) }))
    .sort((one, other) => other.relevance_score - one.relevance_score);
  return { results: typeof most === 'number' && most > 0 ? results.slice(0, most) : results };
}
