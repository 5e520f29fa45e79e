import type { DiscoveredProvider, ProviderPackage } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { settingsIn } from './access/settings.ts';
import { ADDRESS_VARIABLES, REGION_VARIABLE } from './endpoint.ts';
import { watsonx } from './watsonx.ts';
import { GATEWAY_VARIABLE, watsonxGateway } from './watsonx-gateway.ts';

/** For discovery in a host's dependencies, and for configuration files. LiteLLM's have two names for it. */
export const provider: ProviderPackage = {
  providers: [watsonx(), watsonx({ name: 'watsonx_text' }), watsonxGateway()],
  discover(env) {
    const { apiKey, token, zenApiKey, projectId, spaceId } = settingsIn(env);
    if (!(apiKey ?? token ?? zenApiKey)) return [];
    const hasAddress = firstSet(env, [...ADDRESS_VARIABLES, REGION_VARIABLE]) !== undefined;
    const own: DiscoveredProvider[] = (projectId ?? spaceId) && hasAddress ? [{ provider: watsonx({ env }), deployment: {} }] : [];
    return env[GATEWAY_VARIABLE] ? [...own, { provider: watsonxGateway({ env }), deployment: {} }] : own;
  },
};
