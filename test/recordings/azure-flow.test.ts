import { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway } from '@sluice/core';
import { azure } from '@sluice/provider-azure';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Azure by other hands than ours, on a socket, and the official client in front of the gateway.
let mock: LLMock;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
  mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  await mock.start();
  const deployment = { id: 'v1', provider: 'azure', model: 'gpt-4o', baseUrl: mock.url };
  const dated = { ...deployment, id: 'dated', options: { api_version: '2024-10-21' } };
  gateway = createGateway({
    auth: false,
    providers: [azure({ apiKey: 'k', env: {} })],
    models: [
      { name: 'v1', deployments: [deployment] },
      { name: 'dated', deployments: [dated] },
    ],
  });
  client = new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await mock.stop();
});

const tools: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
];

describe.each(['v1', 'dated'])('the surface %s', (model) => {
  test('chats, whole and streamed', async () => {
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const whole = await client.chat.completions.create({ model, messages });
    expect(whole.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
    const streamed = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
    expect(streamed.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  });

  test.each([true, false])('calls a tool, there and back (stream: %s)', async (stream) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'weather' }];
    const next = async (): Promise<OpenAI.ChatCompletion> =>
      stream ? client.chat.completions.stream({ model, messages, tools }).finalChatCompletion() : client.chat.completions.create({ model, messages, tools });
    const asked = (await next()).choices[0];
    const [call] = asked?.message.tool_calls ?? [];
    if (asked === undefined || call?.type !== 'function') throw new Error('No tool was called');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Zürich' });
    messages.push(asked.message, { role: 'tool', tool_call_id: call.id, content: '21 °C' });
    expect((await next()).choices[0]).toMatchObject({ message: { content: 'It is 21 °C.' }, finish_reason: 'stop' });
  });

  test('answers by the Responses API', async () => {
    const answer = await client.responses.create({ model, input: 'hello' });
    expect(answer.output_text).toBe('Grüezi mitenand');
  });

  test('embeds', async () => {
    const { data } = await client.embeddings.create({ model, input: 'hello', encoding_format: 'float' });
    expect(data[0]?.embedding.length).toBeGreaterThan(0);
  });
});
