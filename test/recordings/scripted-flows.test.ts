import { LLMock } from '@copilotkit/aimock';
import { createGateway, type Gateway, type Provider } from '@sluice/core';
import { mistral } from '@sluice/provider-mistral';
import { ollama } from '@sluice/provider-ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Providers by other hands than ours, on a socket, and the official client in front of the gateway.
const PROVIDERS: readonly (readonly [provider: Provider, path: string])[] = [
  [mistral({ apiKey: 'k', env: {} }), '/v1'],
  [ollama({ env: {} }), ''],
];

const tools: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } },
];

let mock: LLMock;

beforeAll(async () => {
  mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  await mock.start();
});

afterAll(() => mock.stop());

describe.each(PROVIDERS)('$name', (provider, path) => {
  let gateway: Gateway;
  let client: OpenAI;

  beforeAll(() => {
    const deployment = { id: 'd', provider: provider.name, model: 'their-model', baseUrl: `${mock.url}${path}` };
    gateway = createGateway({ auth: false, providers: [provider], models: [{ name: 'm', deployments: [deployment] }] });
    client = new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
  });

  afterAll(() => gateway.close());

  test('a chat, whole and streamed, comes through', async () => {
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const whole = await client.chat.completions.create({ model: 'm', messages });
    expect(whole.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Grüezi mitenand' }, finish_reason: 'stop' });
    const streamed = await client.chat.completions.stream({ model: 'm', messages }).finalChatCompletion();
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
});
