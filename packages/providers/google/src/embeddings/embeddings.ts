import { encodeEmbeddings, type Mapping } from '@sluice/core';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { UsageMetadata } from '../wire.ts';
import { embedConfig, readInput } from './read-input.ts';
import { toEmbeddings } from './to-embeddings.ts';

type BatchEmbedContentsResponse = { readonly embeddings?: readonly { readonly values?: readonly number[] }[]; readonly usageMetadata?: UsageMetadata };

/** One vector for each input, by `batchEmbedContents`. https://ai.google.dev/api/embeddings */
export function embeddings(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const input = readInput(call);
      const { url, headers, model } = endpointOf(call.deployment);
      const beside = embedConfig(input);
      const requests = input.texts.map((text) => ({ model, content: { parts: [{ text }] }, ...beside }));
      return { url: url('batchEmbedContents'), headers, body: JSON.stringify({ requests }) };
    },
    toReply(body, call) {
      const { embeddings: vectors, usageMetadata } = body as BatchEmbedContentsResponse;
      return encodeEmbeddings(toEmbeddings(vectors, usageMetadata?.promptTokenCount, call.deployment.model), call);
    },
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}
