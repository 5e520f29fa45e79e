import { encodeEmbeddings, GatewayError, type JsonObject, knownRequest, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';

const OWN = ['normalize', 'prompt_name', 'truncate', 'truncation_direction', 'dimensions'] as const;

/** Vectors of texts. Nothing is counted: tokens are estimated. https://huggingface.co/docs/inference-providers/tasks/feature-extraction */
export function featureExtraction(endpointOf: EndpointOf): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const request = knownRequest(call, ['input', 'encoding_format', ...OWN]);
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      const own = Object.fromEntries(OWN.flatMap((name) => (request[name] === undefined || request[name] === null ? [] : [[name, request[name]]])));
      return { url: url('embeddings'), headers, body: JSON.stringify({ inputs: textsOf(call), ...own }) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body, call), call),
  };
}

function textsOf({ request: { input }, deployment: { provider } }: ProviderCall): readonly string[] {
  const texts = [input].flat();
  if (texts.every((text) => typeof text === 'string')) return texts;
  throw unsupportedParameter('input', provider, 'it takes texts, not tokens');
}

/** A vector for each text; some servers leave out the list around one alone. */
function toReply(body: unknown, { deployment: { model } }: ProviderCall): JsonObject {
  if (!Array.isArray(body)) return { object: 'list', model };
  const vectors = typeof body[0] === 'number' ? [body] : (body as readonly unknown[]);
  if (vectors.some((vector) => !Array.isArray(vector) || typeof vector[0] !== 'number'))
    throw new GatewayError('upstream_invalid_answer', `'${model}' has a vector for each token, and none for a text`);
  return { object: 'list', model, data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) };
}
