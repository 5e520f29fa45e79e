import { type ProviderPackage, secret } from '@sluice/core';
import { type Environment, firstKey } from './endpoint.ts';
import { gemini } from './gemini.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [gemini(), gemini({ name: 'google' })],
  discover(env: Environment) {
    const key = firstKey(env);
    if (key === undefined) return [];
    return [{ provider: gemini({ env }), deployment: { apiKey: secret(key) }, models: ['gemini-*'] }];
  },
};
