import { createGateway, type Deployment, LazyJson, secret } from '@sluice/core';
import { expect, test } from 'vitest';
import { anthropic } from './anthropic.ts';
import { provider } from './provider-package.ts';

const deployment: Deployment = { id: 'd', provider: 'anthropic', model: 'claude-sonnet-4-5', apiKey: secret('sk-ant-api03-test') };
const request = { model: 'group', messages: [{ role: 'user', content: 'Hello' }] };

function wireFor(more: Partial<Deployment> = {}, asked: object = {}): { url: string; headers: Readonly<Record<string, string>> } {
  const wire = anthropic({ env: {} }).operations.chat?.toRequest({ operation: 'chat', request: { ...request, ...asked }, deployment: { ...deployment, ...more } });
  return { url: wire?.url ?? '', headers: wire?.headers ?? {} };
}

test('the key goes as x-api-key with the version of the API, and a token as a bearer', () => {
  expect(wireFor()).toMatchObject({ url: 'https://api.anthropic.com/v1/messages', headers: { 'x-api-key': 'sk-ant-api03-test', 'anthropic-version': '2023-06-01' } });
  const { headers } = wireFor({ apiKey: secret('sk-ant-oat01-test') });
  expect(headers).toMatchObject({ authorization: 'Bearer sk-ant-oat01-test' });
  expect(headers).not.toHaveProperty('x-api-key');
});

test('the address is taken with its version and without', () => {
  expect(wireFor({ baseUrl: 'https://proxy.example/anthropic/' }).url).toBe('https://proxy.example/anthropic/v1/messages');
  expect(wireFor({ baseUrl: 'https://proxy.example/v1' }).url).toBe('https://proxy.example/v1/messages');
});

test('fields on trial bring the beta that they need, beside those that are configured', () => {
  const file = { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file_1' } }] }], context_management: { edits: [] } };
  expect(wireFor({ headers: { 'Anthropic-Beta': 'mine' } }, file).headers['anthropic-beta']).toBe('mine,context-management-2025-06-27,files-api-2025-04-14');
});

test('a key in the environment enables it, with the names that callers know', () => {
  expect(provider.discover({})).toEqual([]);
  const [found] = provider.discover({ ANTHROPIC_API_KEY: 'sk-ant-1' });
  expect(found).toMatchObject({ provider: { name: 'anthropic' }, models: ['claude-haiku-4-5', 'claude-*'] });
  expect(found?.deployment.apiKey?.reveal()).toBe('sk-ant-1');
});

test('what would keep a deployment from being called is told beforehand', () => {
  expect(anthropic({ env: {} }).problemsOf?.({ id: 'd', provider: 'anthropic', model: 'm', baseUrl: 'nowhere' })).toHaveLength(2);
});

test('its models have prices under its name', async () => {
  const costs: (number | undefined)[] = [];
  const gateway = createGateway({
    auth: false,
    providers: [anthropic({ apiKey: 'sk-ant-1' })],
    models: [{ name: 'claude-*', deployments: [{ id: 'd', provider: 'anthropic', model: 'claude-*' }] }],
    hooks: [
      {
        name: 'see-price',
        phase: 'router',
        handle: (ctx) => {
          costs.push(ctx.deployment?.price?.input);
          return Promise.resolve({ kind: 'complete', body: LazyJson.ofValue({}) });
        },
      },
    ],
  });
  await gateway.close();
  expect(costs).toEqual([]);
});
