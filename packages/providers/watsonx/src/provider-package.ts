import type { ProviderPackage } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { settingsIn } from './access/settings.ts';
import { ADDRESS_VARIABLES, REGION_VARIABLE } from './endpoint.ts';
import { watsonx } from './watsonx.ts';

/** For discovery in a host's dependencies, and for configuration files. LiteLLM's have two names for it. */
export const provider: ProviderPackage = {
  providers: [watsonx(), watsonx({ name: 'watsonx_text' })],
  discover(env) {
    const { apiKey, token, zenApiKey, projectId, spaceId } = settingsIn(env);
    const hasAddress = firstSet(env, [...ADDRESS_VARIABLES, REGION_VARIABLE]) !== undefined;
    if (!(apiKey ?? token ?? zenApiKey) || !(projectId ?? spaceId) || !hasAddress) return [];
    return [{ provider: watsonx({ env }), deployment: {} }];
  },
};
