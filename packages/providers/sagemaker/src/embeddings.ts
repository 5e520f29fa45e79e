import { encodeEmbeddings, type JsonObject, type Mapping, unsupportedParameter, knownRequest } from '@sluice/core';
import { type Host, toEndpoint } from './endpoint.ts';
import { errorsOf } from './to-error.ts';

type Answer = { readonly embedding?: readonly (readonly number[])[] };

/** Vectors, as the containers of JumpStart have them. They count no tokens: the gateway does. https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-use.html */
export function embeddings(host: Host): Mapping {
  return {
    toRequest(call) {
      const { input } = knownRequest(call, ['input', 'encoding_format']);
      const texts = [input].flat();
      if (!texts.every((text) => typeof text === 'string')) throw unsupportedParameter('input', call.deployment.provider, 'it takes texts, not tokens');
      const { url, headers } = toEndpoint(host, call.deployment, false);
      return { url: url('embeddings'), headers, body: JSON.stringify({ text_inputs: texts }) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body as Answer, call.deployment.model), call),
    toError: errorsOf(host.signer),
  };
}

function toReply({ embedding: vectors }: Answer, model: string): JsonObject {
  return { object: 'list', model, ...(vectors && { data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) }) };
}
