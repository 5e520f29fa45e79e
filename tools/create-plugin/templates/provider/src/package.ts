import { type ProviderPackage, secret } from '@sluice/core';
import { sampleNameProvider } from './provider.ts';

/** For discovery: found among a host's dependencies, and on where its key is in the environment. */
export const provider: ProviderPackage = {
  providers: [sampleNameProvider()],
  discover({ SAMPLE_NAME_API_KEY: apiKey, SAMPLE_NAME_BASE_URL: baseUrl }) {
    if (!apiKey) return [];
    return [{ provider: sampleNameProvider(), deployment: { apiKey: secret(apiKey), ...(baseUrl && { baseUrl }) } }];
  },
};
