import { type DiscoveredProvider, type Provider, type ProviderPackage, secret } from '@sluice/core';
import { type Environment, firstSet } from '@sluice/openai-wire';
import { codestral, mistral, type MistralOptions } from './mistral.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [mistral(), codestral(), codestral({ name: 'text-completion-codestral' })],
  discover: (env) => [
    ...found(env, 'MISTRAL', mistral, MODELS),
    // A key for Codestral alone does not open Mistral, nor the other way round.
    ...found(env, 'CODESTRAL', codestral, env.MISTRAL_API_KEY ? [] : ['codestral-latest', 'codestral-*']),
  ],
};

const MODELS = [
  'mistral-small-latest',
  ...['mistral-*', 'ministral-*', 'magistral-*', 'devstral-*', 'pixtral-*', 'voxtral-*', 'codestral-*', 'open-mistral-*', 'open-mixtral-*'],
];

function found(env: Environment, prefix: string, factory: (options: MistralOptions) => Provider, models: readonly string[]): readonly DiscoveredProvider[] {
  const key = env[`${prefix}_API_KEY`];
  if (!key) return [];
  const baseUrl = firstSet(env, [`${prefix}_API_BASE`, `${prefix}_BASE_URL`]);
  return [{ provider: factory({ env }), deployment: { apiKey: secret(key), ...(baseUrl !== undefined && { baseUrl }) }, models }];
}
