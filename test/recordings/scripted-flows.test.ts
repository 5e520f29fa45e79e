import type { LLMock } from '@copilotkit/aimock';
import { createGateway, type Deployment, type Gateway, type Provider, secret } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { bedrock } from '@sluice/provider-bedrock';
import { gemini, vertex } from '@sluice/provider-google';
import { mistral } from '@sluice/provider-mistral';
import { ollama } from '@sluice/provider-ollama';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, expectChat, expectLimit, expectToolCall, scriptedHost } from './scripted-host.ts';

type Flow = { readonly provider: Provider; readonly deployment: Partial<Deployment>; readonly path?: string };

let tokens = 0;
const CLAUDE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const AWS = { aws_region_name: 'eu-central-1', aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: 'not-a-secret' };
const AT_GOOGLE = { model: 'gemini-2.5-flash', options: { vertex_location: 'europe-west4' } };

const FLOWS: Readonly<Record<string, Flow>> = {
  anthropic: { provider: anthropic({ apiKey: 'k', env: {} }), deployment: { model: 'claude-sonnet-4-5' } },
  bedrock: { provider: bedrock(), deployment: { model: CLAUDE, options: AWS } },
  gemini: { provider: gemini({ apiKey: 'k' }), deployment: { model: 'gemini-2.5-flash' } },
  mistral: { provider: mistral({ apiKey: 'k', env: {} }), deployment: {}, path: '/v1' },
  ollama: { provider: ollama({ env: {} }), deployment: {} },
  'vertex with tokens': {
    provider: vertex({ env: {}, project: 'p', credentials: () => Promise.resolve(`t${(tokens += 1)}`) }),
    deployment: AT_GOOGLE,
  },
  'vertex with a key': { provider: vertex({ env: {}, project: 'p' }), deployment: { ...AT_GOOGLE, apiKey: secret('AIza-key') } },
};

let mock: LLMock;

beforeAll(async () => {
  mock = await scriptedHost();
});

afterAll(() => mock.stop());

describe.each(Object.entries(FLOWS))('%s', (name, { provider, deployment, path = '' }) => {
  let gateway: Gateway;
  let client: OpenAI;

  beforeAll(() => {
    const found = { id: 'd', provider: provider.name, model: 'their-model', baseUrl: `${mock.url}${path}`, ...deployment };
    gateway = createGateway({ auth: false, providers: [provider], models: [{ name: 'm', deployments: [found] }], router: { retries: 0 } });
    client = clientOf(gateway);
  });

  afterAll(() => gateway.close());

  test('a chat, whole and streamed, comes through', async () => {
    await expectChat(client, 'm');
    if (name.startsWith('vertex'))
      expect(mock.getLastRequest()?.path).toMatch(/^\/v1\/projects\/p\/locations\/europe-west4\/publishers\/google\/models\/gemini-2\.5-flash:stream/);
  });

  test.each([true, false])('a call of a tool goes there and back (stream: %s)', async (stream) => {
    const before = tokens;
    await expectToolCall(client, 'm', stream);
    if (name === 'vertex with tokens') expect(tokens).toBe(before + 2);
  });

  test('a limit is told as one', () => expectLimit(client, 'm'));
});

// Streams by InvokeModel are replayed from recordings: this mock does not wrap their events as Bedrock does.
test('Claude on Bedrock by InvokeModel calls a tool, there and back', async () => {
  const deployment = { id: 'd', provider: 'bedrock', model: `invoke/${CLAUDE}`, baseUrl: mock.url, options: AWS };
  const gateway = createGateway({ auth: false, providers: [bedrock()], models: [{ name: 'm', deployments: [deployment] }] });
  await expectToolCall(clientOf(gateway), 'm', false);
  await gateway.close();
});
