import type { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway } from '@sluice/core';
import { azure } from '@sluice/provider-azure';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, expectChat, expectLimit, expectToolCall, scriptedHost } from './scripted-host.ts';

let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  mock = await scriptedHost();
  const deployment = { id: 'v1', provider: 'azure', model: 'gpt-4o', baseUrl: mock.url };
  const dated = { ...deployment, id: 'dated', options: { api_version: '2024-10-21' } };
  gateway = createGateway({
    auth: false,
    providers: [azure({ apiKey: 'k', env: {} })],
    models: [
      { name: 'v1', deployments: [deployment] },
      { name: 'dated', deployments: [dated] },
    ],
    router: { retries: 0 },
  });
  client = clientOf(gateway);
});

afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

describe.each(['v1', 'dated'])('the surface %s', (model) => {
  test('chats, whole and streamed', () => expectChat(client, model));

  test.each([true, false])('calls a tool, there and back (stream: %s)', (stream) => expectToolCall(client, model, stream));

  test('tells a limit as one', () => expectLimit(client, model));

  test('answers by the Responses API', async () => {
    const answer = await client.responses.create({ model, input: 'hello' });
    expect(answer.output_text).toBe('Grüezi mitenand');
  });

  test('embeds', async () => {
    const { data } = await client.embeddings.create({ model, input: 'hello', encoding_format: 'float' });
    expect(data[0]?.embedding.length).toBeGreaterThan(0);
  });
});
