import { type GatewayOptions, secret } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';

/** The keys of the gateway under test; each but the first is refused in its own way. */
export const KEYS = { good: 'sk-matrix-good', spent: 'sk-matrix-spent', hasty: 'sk-matrix-hasty' } as const;

export const MODELS = [
  'gpt-4o-mini',
  'text-embedding-3-small',
  'gpt-image-1',
  'tts-1',
  'whisper-1',
  'omni-moderation-latest',
  'slow',
  'breaking',
  'limited',
  'too-small',
] as const;

/** 100,000 USD a million tokens: one call is over the budget of the key that has one. */
const PRICE_USD_PER_TOKEN = 0.1;

export function optionsFor(upstreamUrl: string): GatewayOptions {
  const price = { input: PRICE_USD_PER_TOKEN * 1e15, output: PRICE_USD_PER_TOKEN * 1e15 };
  return {
    providers: [openaiCompatible({ name: 'scripted', baseUrl: upstreamUrl })],
    models: MODELS.map((name) => ({ name, deployments: [{ id: name, provider: 'scripted', model: name, apiKey: secret('sk-upstream'), price }] })),
    keys: [
      { id: 'good', key: KEYS.good },
      { id: 'spent', key: KEYS.spent, budgetNanoUsd: 1 },
      { id: 'hasty', key: KEYS.hasty, limits: { requestsPerMinute: 0 } },
    ],
    router: { retries: 0 },
  };
}

/** The same as a file. */
export function configFor(upstreamUrl: string): string {
  const models = MODELS.map(
    (name) => `  - model_name: ${name}
    litellm_params: { model: openai/${name}, api_base: ${upstreamUrl}, api_key: sk-upstream }
    model_info: { input_cost_per_token: ${PRICE_USD_PER_TOKEN}, output_cost_per_token: ${PRICE_USD_PER_TOKEN} }`,
  );
  return `model_list:
${models.join('\n')}
keys:
  - { id: good, key: ${KEYS.good} }
  - { id: spent, key: ${KEYS.spent}, max_budget: 0.000000001 }
  - { id: hasty, key: ${KEYS.hasty}, rpm_limit: 0 }
router_settings: { num_retries: 0 }
`;
}
