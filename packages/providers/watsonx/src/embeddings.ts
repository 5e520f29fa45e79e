import { encodeEmbeddings, type JsonObject, knownRequest, type Mapping, unsupportedParameter } from '@sluice/core';
import type { Endpoints } from './endpoint.ts';

type Answer = { readonly results?: readonly { readonly embedding?: readonly number[] }[]; readonly input_token_count?: number };

/** Vectors of texts. https://cloud.ibm.com/apidocs/watsonx-ai#text-embeddings */
export function embeddings(endpointOf: Endpoints['endpointOf']): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { input, truncate_input_tokens: truncate } = knownRequest(call, ['input', 'encoding_format', 'truncate_input_tokens']);
      const inputs = [input].flat();
      if (!inputs.every((text) => typeof text === 'string')) throw unsupportedParameter('input', call.deployment.provider, 'it takes texts, not tokens');
      const { url, headers, head } = endpointOf(call.deployment);
      const parameters = truncate === undefined ? {} : { parameters: { truncate_input_tokens: truncate } };
      return { url: url('embeddings'), headers, body: JSON.stringify({ ...head, inputs, ...parameters }) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body as Answer, call.deployment.model), call),
  };
}

function toReply({ results, input_token_count: read }: Answer, model: string): JsonObject {
  return {
    object: 'list',
    model,
    ...(results && { data: results.map(({ embedding }, index) => ({ object: 'embedding', index, embedding })) }),
    ...(read !== undefined && { usage: { prompt_tokens: read, total_tokens: read } }),
  };
}
