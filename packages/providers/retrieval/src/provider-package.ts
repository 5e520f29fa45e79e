import { type DiscoveredProvider, type Provider, type ProviderPackage, secret } from '@sluice/core';
import { type Environment, firstSet } from '@sluice/openai-wire';
import { JINA, jina } from './jina.ts';
import type { RetrievalHost, RetrievalOptions } from './retrieval-host.ts';
import { TEXT_EMBEDDINGS_INFERENCE, textEmbeddingsInference } from './text-embeddings-inference.ts';
import { VOYAGE, voyage } from './voyage.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [voyage(), jina(), jina({ name: 'jina' }), textEmbeddingsInference()],
  discover: (env) => [
    ...found(env, VOYAGE, voyage, ['voyage-*']),
    ...found(env, JINA, jina, ['jina-*']),
    ...found(env, TEXT_EMBEDDINGS_INFERENCE, textEmbeddingsInference),
  ],
};

/** A host is enabled by its key, one's own server by its address. */
function found(
  env: Environment,
  host: RetrievalHost,
  factory: (options: RetrievalOptions) => Provider,
  models?: readonly string[],
): readonly DiscoveredProvider[] {
  const key = firstSet(env, host.keys);
  const baseUrl = firstSet(env, host.baseUrls);
  if ((host.isOwnServer ? baseUrl : key) === undefined) return [];
  return [
    {
      provider: factory({ env }),
      deployment: { ...(key !== undefined && { apiKey: secret(key) }), ...(baseUrl !== undefined && { baseUrl }) },
      ...(models && { models }),
    },
  ];
}
