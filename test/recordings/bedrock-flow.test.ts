import { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway } from '@sluice/core';
import { bedrock } from '@sluice/provider-bedrock';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';

// Bedrock by other hands than ours, on a socket, and the official client in front of the gateway.
let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  await mock.start();
  const options = { aws_region_name: 'eu-central-1', aws_access_key_id: 'AKIDEXAMPLE', aws_secret_access_key: 'not-a-secret' };
  const model = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const models = Object.entries({ converse: model, invoke: `invoke/${model}` }).map(([name, asked]) => ({
    name,
    deployments: [{ id: name, provider: 'bedrock', model: asked, baseUrl: mock.url, options }],
  }));
  gateway = createGateway({ auth: false, providers: [bedrock()], models });
  client = new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } },
  },
];

test('a chat, whole and streamed, comes through', async () => {
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const whole = await client.chat.completions.create({ model: 'converse', messages });
  expect(whole.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  const stream = client.chat.completions.stream({ model: 'converse', messages, stream_options: { include_usage: true } });
  const streamed = await stream.finalChatCompletion();
  expect(streamed.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
});

// Streams by InvokeModel are replayed from recordings: this mock does not wrap their events as Bedrock does.
test.each([
  ['converse', true],
  ['converse', false],
  ['invoke', false],
])('a call of a tool by %s goes there and back (stream: %s)', async (model, stream) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather' }];
  const next = async (): Promise<OpenAI.ChatCompletion> =>
    stream ? client.chat.completions.stream({ model, messages, tools }).finalChatCompletion() : client.chat.completions.create({ model, messages, tools });
  const asked = (await next()).choices[0];
  expect(asked?.finish_reason).toBe('tool_calls');
  const [call] = asked?.message.tool_calls ?? [];
  if (asked === undefined || call?.type !== 'function') throw new Error('No tool was called');
  expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Zürich' });
  messages.push(asked.message, { role: 'tool', tool_call_id: call.id, content: '21 °C' });
  expect((await next()).choices[0]).toMatchObject({ message: { content: 'It is 21 °C.' }, finish_reason: 'stop' });
});
