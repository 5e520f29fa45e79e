import type { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway, secret } from '@sluice/core';
import { cohere } from '@sluice/provider-cohere';
import { CohereClient } from 'cohere-ai';
import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, expectChat, expectLimit, expectToolCall, scriptedHost } from './scripted-host.ts';

// Cohere by other hands than ours, on a socket, and the official clients in front of the gateway.
let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  mock = await scriptedHost();
  mock.onRerank('ruby', [
    { index: 1, relevance_score: 0.2 },
    { index: 0, relevance_score: 0.9 },
  ]);
  const at = { provider: 'cohere', baseUrl: mock.url, apiKey: secret('k') };
  gateway = createGateway({
    auth: false,
    providers: [cohere({ env: {} })],
    models: [
      { name: 'm', deployments: [{ ...at, id: 'm', model: 'command-a-03-2025' }] },
      { name: 'e', deployments: [{ ...at, id: 'e', model: 'embed-v4.0' }] },
      { name: 'r', deployments: [{ ...at, id: 'r', model: 'rerank-v3.5' }] },
    ],
    router: { retries: 0 },
  });
  client = clientOf(gateway);
});

afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

test('a chat, whole and streamed, comes through', () => expectChat(client, 'm'));

test.each([true, false])('a call of a tool goes there and back (stream: %s)', (stream) => expectToolCall(client, 'm', stream));

test('a limit is told as one', () => expectLimit(client, 'm'));

test('vectors come to a client that asks for base64', async () => {
  const { data } = await client.embeddings.create({ model: 'e', input: ['a', 'b'] });
  expect(data).toHaveLength(2);
  expect(data[0]?.embedding.every((number) => Number.isFinite(number))).toBe(true);
});

test("Cohere's own client can have documents reranked", async () => {
  const own = new CohereClient({ token: 'none', environment: 'http://sluice', fetch: gateway.fetch as typeof fetch, maxRetries: 0 });
  const { results } = await own.v2.rerank({ model: 'r', query: 'ruby', documents: ['Ruby is a language', 'Paris is in France'], topN: 2 });
  expect(results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual(
    expect.arrayContaining([
      [0, 0.9],
      [1, 0.2],
    ]),
  );
});
