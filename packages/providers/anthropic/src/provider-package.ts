import { type ProviderPackage, secret } from '@sluice/core';
import { anthropic } from './anthropic.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [anthropic()],
  discover(env) {
    const key = env.ANTHROPIC_API_KEY || env.ANTHROPIC_AUTH_TOKEN;
    if (!key) return [];
    const baseUrl = env.ANTHROPIC_BASE_URL || env.ANTHROPIC_API_BASE;
    return [{ provider: anthropic({ env }), deployment: { apiKey: secret(key), ...(baseUrl && { baseUrl }) }, models: ['claude-haiku-4-5', 'claude-*'] }];
  },
};
