import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { ACCOUNT_VARIABLE, ADDRESS_VARIABLES, cloudflare, KEY_VARIABLES } from './cloudflare.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [cloudflare()],
  discover(env) {
    const key = firstSet(env, KEY_VARIABLES);
    const baseUrl = firstSet(env, ADDRESS_VARIABLES);
    if (key === undefined || (baseUrl ?? firstSet(env, [ACCOUNT_VARIABLE])) === undefined) return [];
    return [{ provider: cloudflare({ env }), deployment: { apiKey: secret(key), ...(baseUrl !== undefined && { baseUrl }) }, models: ['@cf/*'] }];
  },
};
