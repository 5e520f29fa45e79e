import { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway, secret } from '@sluice/core';
import { cohere } from '@sluice/provider-cohere';
import { CohereClient } from 'cohere-ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Cohere by other hands than ours, on a socket, and the official clients in front of the gateway.
let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  mock.on({ userMessage: 'too much' }, { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429 });
  mock.onRerank('ruby', [
    { index: 1, relevance_score: 0.2 },
    { index: 0, relevance_score: 0.9 },
  ]);
  await mock.start();
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
  client = new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

const tools: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } },
];

test('a chat, whole and streamed, comes through', async () => {
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const whole = await client.chat.completions.create({ model: 'm', messages });
  expect(whole.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  const streamed = await client.chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } }).finalChatCompletion();
  expect(streamed.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
});

test.each([true, false])('a call of a tool goes there and back (stream: %s)', async (stream) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather' }];
  const next = async (): Promise<OpenAI.ChatCompletion> =>
    stream
      ? client.chat.completions.stream({ model: 'm', messages, tools }).finalChatCompletion()
      : client.chat.completions.create({ model: 'm', messages, tools });
  const asked = (await next()).choices[0];
  expect(asked?.finish_reason).toBe('tool_calls');
  const [call] = asked?.message.tool_calls ?? [];
  if (asked === undefined || call?.type !== 'function') throw new Error('No tool was called');
  expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Zürich' });
  messages.push(asked.message, { role: 'tool', tool_call_id: call.id, content: '21 °C' });
  expect((await next()).choices[0]).toMatchObject({ message: { content: 'It is 21 °C.' }, finish_reason: 'stop' });
});

test('a limit is told as one', async () => {
  await expect(client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'too much' }] })).rejects.toMatchObject({ status: 429 });
});

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
