import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { huggingface } from './huggingface.ts';
import { ADDRESS_VARIABLES, KEY_VARIABLES } from './places.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [huggingface(), huggingface({ name: 'hf' })],
  discover(env) {
    const key = firstSet(env, KEY_VARIABLES);
    if (key === undefined) return [];
    const baseUrl = firstSet(env, ADDRESS_VARIABLES);
    return [{ provider: huggingface({ env }), deployment: { apiKey: secret(key), ...(baseUrl !== undefined && { baseUrl }) } }];
  },
};
