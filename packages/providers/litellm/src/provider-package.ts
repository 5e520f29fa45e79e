import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { BASE_URLS, KEYS, litellm } from './litellm.ts';

/** For discovery in a host's dependencies, and for configuration files. A proxy of one's own is enabled by its address. */
export const provider: ProviderPackage = {
  providers: [litellm(), litellm({ name: 'litellm' })],
  discover(env) {
    const baseUrl = firstSet(env, BASE_URLS);
    if (baseUrl === undefined) return [];
    const key = firstSet(env, KEYS);
    return [{ provider: litellm({ env }), deployment: { baseUrl, ...(key !== undefined && { apiKey: secret(key) }) } }];
  },
};
