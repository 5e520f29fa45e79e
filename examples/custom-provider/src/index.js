import { secret } from '@sluice/core';
import { parrot } from './parrot.js';

export { parrot };

/**
 * What `gateway()` looks for in the packages of its host: see ProviderPackage in @sluice/core.
 *
 * @type {import('@sluice/core').ProviderPackage}
 */
export const provider = {
  providers: [parrot()],
  discover({ PARROT_API_KEY, PARROT_BASE_URL }) {
    if (!PARROT_API_KEY) return [];
    const deployment = { apiKey: secret(PARROT_API_KEY), ...(PARROT_BASE_URL ? { baseUrl: PARROT_BASE_URL } : {}) };
    return [{ provider: parrot(), deployment, models: ['macaw', 'macaw-*'] }];
  },
};
