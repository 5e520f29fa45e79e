import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { cohere, KEY_VARIABLES } from './cohere.ts';

/** For discovery in a host's dependencies, and for configuration files. LiteLLM's files have two names for it. */
export const provider: ProviderPackage = {
  providers: [cohere(), cohere({ name: 'cohere_chat' })],
  discover(env) {
    const key = firstSet(env, KEY_VARIABLES);
    return key === undefined ? [] : [{ provider: cohere({ env }), deployment: { apiKey: secret(key) }, models: ['command-*', 'embed-*', 'rerank-*'] }];
  },
};
