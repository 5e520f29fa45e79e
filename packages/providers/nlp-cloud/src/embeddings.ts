import { encodeEmbeddings, type JsonObject, knownRequest, type Mapping, unsupportedParameter } from '@sluice/core';
import type { Ask } from './ask.ts';

/** Vectors of texts. https://docs.nlpcloud.com/#embeddings */
export function embeddings(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { input } = knownRequest(call, ['input', 'encoding_format']);
      const sentences = [input].flat();
      if (!sentences.every((text) => typeof text === 'string')) throw unsupportedParameter('input', call.deployment.provider, 'it takes texts, not tokens');
      return { ...ask(call.deployment, 'embeddings'), body: JSON.stringify({ sentences }) };
    },
    toReply: (body, call) => encodeEmbeddings(toReply(body, call.deployment.model), call),
  };
}

function toReply(body: unknown, model: string): JsonObject {
  const { embeddings: vectors } = body as { readonly embeddings?: readonly unknown[] };
  return { object: 'list', model, ...(vectors && { data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) }) };
}
