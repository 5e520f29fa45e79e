import { type Deployment, secret } from '@sluice/core';
import { providerContract, type ProviderFixture, PROVIDER_KEY } from '@sluice/testing';
import { expect, test } from 'vitest';
import { provider as pack } from './provider-package.ts';
import { watsonxGateway } from './watsonx-gateway.ts';

const own = watsonxGateway({ env: {} });
const deployment: Deployment = { id: 'd', provider: 'watsonx_gateway', model: 'azure/gpt-4o', options: { watsonx_token: secret('t') } };

test.each([['https://eu-de.ml.cloud.ibm.com'], ['https://eu-de.ml.cloud.ibm.com/ml/v1/'], ['https://eu-de.ml.cloud.ibm.com/ml/gateway/v1']])(
  '%s is called below its gateway, with a token',
  async (baseUrl) => {
    const at = { ...deployment, baseUrl };
    const wire = own.operations.chat?.toRequest({ operation: 'chat', request: { model: 'm', messages: [] }, deployment: at });
    expect(wire?.url).toBe('https://eu-de.ml.cloud.ibm.com/ml/gateway/v1/chat/completions');
    expect(JSON.parse(String(wire?.body))).toMatchObject({ model: 'azure/gpt-4o' });
    expect(await own.sign?.(wire ?? { url: '', headers: {} }, at)).toMatchObject({ headers: { authorization: 'Bearer t' } });
  },
);

test('needs a key and an address, and nobody who pays', () => {
  expect(own.problemsOf?.({ ...deployment, options: { ...deployment.options, watsonx_region: 'us-south' } })).toEqual([]);
  expect(own.problemsOf?.({ id: 'd', provider: 'watsonx_gateway', model: 'm' })).toEqual([
    expect.stringContaining('watsonx_region') as string,
    expect.stringContaining('needs a key of IBM Cloud') as string,
  ]);
});

test('is found by its address and a key', () => {
  const found = (env: Record<string, string>): string[] => pack.discover(env).map(({ provider }) => provider.name);
  expect(found({ WATSONX_GATEWAY_API_BASE: 'https://eu-de.ml.cloud.ibm.com' })).toEqual([]);
  expect(found({ WATSONX_APIKEY: 'k', WATSONX_GATEWAY_API_BASE: 'https://eu-de.ml.cloud.ibm.com' })).toEqual(['watsonx_gateway']);
});

const request = { model: 'm', messages: [{ role: 'user', content: 'How "warm"?' }] };
const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a refused token',
    operation: 'chat',
    request,
    answer: {
      status: 401,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ error: { message: `no such token: ${PROVIDER_KEY}` } })),
    },
    expected: { error: { status: 401, message: /redacted/ } },
  },
];
for (const { name, run } of providerContract({
  provider: own,
  fixtures,
  hasKey: false,
  deployment: { baseUrl: 'https://eu-de.ml.cloud.ibm.com', options: { watsonx_token: secret(PROVIDER_KEY) } },
}))
  test(name, run);
