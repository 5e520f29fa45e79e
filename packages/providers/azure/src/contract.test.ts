import { providerContract } from '@sluice/testing';
import { describe, test } from 'vitest';
import { azure, azureAi } from './azure.ts';
import { fixtures } from './fixtures.test.support.ts';

describe.each([
  ['azure by the v1 surface', azure({ env: {} }), { baseUrl: 'https://me.openai.azure.com' }],
  ['azure by deployments', azure({ env: {} }), { baseUrl: 'https://me.openai.azure.com', options: { api_version: '2024-10-21' } }],
  ['azure_ai', azureAi({ env: {} }), { baseUrl: 'https://me.services.ai.azure.com' }],
])('%s', (_, provider, deployment) => {
  for (const { name, run } of providerContract({ provider, fixtures, deployment })) test(name, run);
});
