import { LLMock } from '@copilotkit/aimock';
import type { Gateway } from '@sluice/core';
import OpenAI from 'openai';
import { expect } from 'vitest';

/** Providers by other hands than ours, on a socket: it greets, and calls one tool. */
export async function scriptedHost(): Promise<LLMock> {
  const mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  mock.on({ userMessage: 'weather', hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{"city":"Zürich"}' }] });
  mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' });
  mock.on({ userMessage: 'hello' }, { content: 'Grüezi mitenand' });
  mock.on({ userMessage: 'too much' }, { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429 });
  await mock.start();
  return mock;
}

/** The official client in front of a gateway. */
export function clientOf(gateway: Gateway): OpenAI {
  return new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
}

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } },
  },
];

/** A greeting, whole and streamed. */
export async function expectChat(client: OpenAI, model: string): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'hello' }];
  const whole = await client.chat.completions.create({ model, messages });
  expect(whole.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Grüezi mitenand' }, finish_reason: 'stop' });
  const streamed = await client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } }).finalChatCompletion();
  expect(streamed.choices[0]).toMatchObject({ message: { content: 'Grüezi mitenand' }, finish_reason: 'stop' });
}

/** A call of a tool, there and back. */
export async function expectToolCall(client: OpenAI, model: string, stream: boolean): Promise<void> {
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
}

/** A refusal to go on so fast is one for the caller. */
export async function expectLimit(client: OpenAI, model: string): Promise<void> {
  await expect(client.chat.completions.create({ model, messages: [{ role: 'user', content: 'too much' }] })).rejects.toMatchObject({ status: 429 });
}
