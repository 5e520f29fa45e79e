import type { ProviderPackage } from '@sluice/core';
import { discoverOwnForm } from '@sluice/openai-wire';
import { JINA, jina } from './jina.ts';
import { TEXT_EMBEDDINGS_INFERENCE, textEmbeddingsInference } from './text-embeddings-inference.ts';
import { VOYAGE, voyage } from './voyage.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [voyage(), jina(), jina({ name: 'jina' }), textEmbeddingsInference()],
  discover: (env) => [VOYAGE, JINA, TEXT_EMBEDDINGS_INFERENCE].flatMap((form) => discoverOwnForm(env, form)),
};
