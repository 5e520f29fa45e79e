import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { ADDRESS_VARIABLES, KEY_VARIABLES, triton } from './triton.ts';

/** For discovery in a host's dependencies, and for configuration files. A server of one's own is enabled by its address. */
export const provider: ProviderPackage = {
  providers: [triton()],
  discover(env) {
    const baseUrl = firstSet(env, ADDRESS_VARIABLES);
    const key = firstSet(env, KEY_VARIABLES);
    return baseUrl === undefined ? [] : [{ provider: triton({ env }), deployment: { baseUrl, ...(key !== undefined && { apiKey: secret(key) }) } }];
  },
};
