import { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway, secret } from '@sluice/core';
import { vertex } from '@sluice/provider-google';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Vertex by other hands than ours, on a socket, and the official client in front of the gateway.
let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;
let tokens = 0;

beforeAll(async () => {
  mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  await mock.start();
  const at = { provider: 'vertex_ai', baseUrl: mock.url, options: { vertex_location: 'europe-west4' } };
  gateway = createGateway({
    auth: false,
    providers: [vertex({ env: {}, project: 'p', credentials: () => Promise.resolve(`t${(tokens += 1)}`) })],
    models: [
      { name: 'm', deployments: [{ ...at, id: 'token', model: 'gemini-2.5-flash' }] },
      { name: 'with-key', deployments: [{ ...at, id: 'key', model: 'gemini-2.5-flash', apiKey: secret('AIza-key') }] },
    ],
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

test.each(['m', 'with-key'])('a chat with %s, whole and streamed, comes through', async (model) => {
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const whole = await client.chat.completions.create({ model, messages });
  expect(whole.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  const streamed = await client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } }).finalChatCompletion();
  expect(streamed.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  expect(mock.getLastRequest()?.path).toMatch(
    /^\/v1\/projects\/p\/locations\/europe-west4\/publishers\/google\/models\/gemini-2\.5-flash:streamGenerateContent/,
  );
});

test.each([true, false])('a call of a tool goes there and back (stream: %s)', async (stream) => {
  const before = tokens;
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
  expect(tokens).toBe(before + 2);
});
