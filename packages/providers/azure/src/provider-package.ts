import { type DiscoveredProvider, type Provider, type ProviderPackage, secret } from '@sluice/core';
import type { Environment } from '@sluice/openai-wire';
import { AI_BASE_VARIABLES, AI_KEY_VARIABLES, azure, azureAi, BASE_VARIABLES, KEY_VARIABLES } from './azure.ts';

const TOKEN_VARIABLES: readonly (readonly string[])[] = [
  ['AZURE_AD_TOKEN'],
  ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'],
  ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE'],
];

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [azure(), azure({ name: 'azure_text' }), azureAi()],
  discover: (env) => [
    ...found(env, { provider: azure({ env }), keys: KEY_VARIABLES, bases: BASE_VARIABLES }),
    ...found(env, { provider: azureAi({ env }), keys: AI_KEY_VARIABLES, bases: AI_BASE_VARIABLES }),
  ],
};

type Variables = { readonly provider: Provider; readonly keys: readonly string[]; readonly bases: readonly string[] };

/** By an address, together with a key or with what a token is fetched by. */
function found(env: Environment, { provider: one, keys, bases }: Variables): DiscoveredProvider[] {
  const key = keys.map((name) => env[name]).find(Boolean);
  const baseUrl = bases.map((name) => env[name]).find(Boolean);
  const hasToken = TOKEN_VARIABLES.some((names) => names.every((name) => env[name]));
  if (baseUrl === undefined || (key === undefined && !hasToken)) return [];
  return [{ provider: one, deployment: { baseUrl, ...(key !== undefined && { apiKey: secret(key) }) } }];
}
