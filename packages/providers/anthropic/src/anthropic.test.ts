import { createGateway, type Deployment, secret, type WireResponse } from '@sluice/core';
import { expect, test } from 'vitest';
import { anthropic } from './anthropic.ts';
import { provider } from './provider-package.ts';

const deployment: Deployment = { id: 'd', provider: 'anthropic', model: 'claude-sonnet-4-5', apiKey: secret('sk-ant-api03-test') };
const request = { model: 'group', messages: [{ role: 'user', content: 'Hello' }] };

function wireFor(more: Partial<Deployment> = {}, asked: object = {}): { url: string; headers: Readonly<Record<string, string>> } {
  const wire = anthropic({ env: {} }).operations.chat?.toRequest({
    operation: 'chat',
    request: { ...request, ...asked },
    deployment: { ...deployment, ...more },
  });
  return { url: wire?.url ?? '', headers: wire?.headers ?? {} };
}

test('the key goes as x-api-key with the version of the API, and a token as a bearer', () => {
  expect(wireFor()).toMatchObject({
    url: 'https://api.anthropic.com/v1/messages',
    headers: { 'x-api-key': 'sk-ant-api03-test', 'anthropic-version': '2023-06-01' },
  });
  const { headers } = wireFor({ apiKey: secret('sk-ant-oat01-test') });
  expect(headers).toMatchObject({ authorization: 'Bearer sk-ant-oat01-test' });
  expect(headers).not.toHaveProperty('x-api-key');
});

test('where the environment or the deployment says so, the key is a bearer token as well', () => {
  const own = { operation: 'chat' as const, request, deployment: { id: 'd', provider: 'anthropic', model: 'claude-x' } };
  const sent = anthropic({ env: { ANTHROPIC_AUTH_TOKEN: 'token' } }).operations.chat?.toRequest(own).headers;
  expect(sent).toMatchObject({ authorization: 'Bearer token' });
  expect(sent).not.toHaveProperty('x-api-key');
  expect(wireFor({ options: { auth: 'bearer' } }).headers).toMatchObject({ authorization: 'Bearer sk-ant-api03-test' });
  expect(anthropic({ env: {} }).problemsOf?.({ ...deployment, options: { auth: 'basic' } })).toEqual(["options.auth can only be 'bearer', not 'basic'."]);
  expect(provider.discover({ ANTHROPIC_AUTH_TOKEN: 'token' })).toHaveLength(1);
});

test('a count of tokens sends what tokens depend on, and no more', () => {
  const asked = {
    model: 'group',
    system: 'Be brief.',
    prompt: 'Hello',
    max_tokens: 5,
    temperature: 0.5,
    tools: [{ type: 'function', function: { name: 'f' } }],
  };
  const wire = anthropic({ env: {} }).operations['tokens.count']?.toRequest({ operation: 'tokens.count', request: asked, deployment });
  expect(wire?.url).toBe('https://api.anthropic.com/v1/messages/count_tokens');
  expect(JSON.parse(String(wire?.body))).toMatchObject({
    model: 'claude-sonnet-4-5',
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [{ name: 'f' }],
  });
  expect(Object.keys(JSON.parse(String(wire?.body)) as object).sort()).toEqual(['messages', 'model', 'system', 'tools']);
});

test('only plain http is fetched for it', () => {
  const needs = (url: string): boolean | undefined =>
    anthropic({ env: {} }).operations.chat?.needsBytes?.({ kind: 'image', url, part: { type: 'image_url' } }, { operation: 'chat', request, deployment });
  expect([needs('http://x.test/a.png'), needs('https://x.test/a.png')]).toEqual([true, false]);
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

test('its models have prices under its name, and what was cached has its own', async () => {
  const usage = { input_tokens: 10, cache_creation_input_tokens: 100, cache_read_input_tokens: 1000, output_tokens: 20 };
  const message = { id: 'msg_1', model: 'claude-haiku-4-5-20251001', content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn', usage };
  let costNanoUsd: number | undefined;
  const gateway = createGateway({
    auth: false,
    providers: [{ ...anthropic({ apiKey: 'sk-ant-1', env: {} }), send: () => Promise.resolve(answering(message)) }],
    models: [{ name: 'claude-*', deployments: [{ id: 'd', provider: 'anthropic', model: 'claude-*' }] }],
    hooks: [
      {
        name: 'cost',
        phase: 'logger',
        handle(ctx, next) {
          ctx.defer(() => void (costNanoUsd = ctx.costNanoUsd));
          return next();
        },
      },
    ],
  });
  await gateway.chat.completions.create({ model: 'claude-haiku-4-5-20251001', messages: [{ role: 'user', content: 'Hello' }] });
  await gateway.close();
  expect(costNanoUsd).toBe(10 * 1000 + 100 * 1250 + 1000 * 100 + 20 * 5000);
});

function answering(message: object): WireResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(message));
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: body() };
}
