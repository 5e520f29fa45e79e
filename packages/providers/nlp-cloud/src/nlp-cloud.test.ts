import { type Deployment, type JsonObject, type Operation, secret, type WireRequest } from '@sluice/core';
import { ask, providerContract, type ProviderFixture, type Recording, replayUpstream } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { nlpCloud } from './nlp-cloud.ts';
import { provider } from './provider-package.ts';

const deployment: Deployment = { id: 'd', provider: 'nlp_cloud', model: 'chatdolphin', apiKey: secret('k') };
const own = nlpCloud({ env: {} });

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): WireRequest {
  const mapping = own.operations[operation];
  if (!mapping) throw new Error(`It has no ${operation}`);
  return mapping.toRequest({ operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } });
}

const bodyOf = (operation: Operation, request: JsonObject): unknown => JSON.parse(String(wireOf(operation, request).body));
const user = (content: unknown): object => ({ role: 'user', content });
const assistant = (content: string): object => ({ role: 'assistant', content });

test('a call goes to its model and task, with a token', () => {
  expect(wireOf('completions', { prompt: 'x' })).toMatchObject({
    url: 'https://api.nlpcloud.io/v1/gpu/chatdolphin/generation',
    headers: { authorization: 'Token k', 'content-type': 'application/json' },
  });
  expect(wireOf('embeddings', { input: 'x' }, { baseUrl: 'https://api.nlpcloud.io/v1/' }).url).toBe('https://api.nlpcloud.io/v1/chatdolphin/embeddings');
});

describe('a chat', () => {
  test('is a question, with what was said before in pairs', () => {
    const messages = [{ role: 'system', content: 'Be kind' }, user('Hi'), user('Anybody?'), assistant('Yes'), user([{ type: 'text', text: 'Who?' }])];
    expect(bodyOf('chat', { messages })).toEqual({ input: 'Who?', history: [{ input: 'Hi\n\nAnybody?', response: 'Yes' }], context: 'Be kind' });
    expect(bodyOf('chat', { messages: [user('Hi')], stream: true, temperature: 1 })).toEqual({ input: 'Hi', stream: true });
  });

  test.each<[string, JsonObject]>([
    ['messages', { messages: [user('Hi'), assistant('Yes')] }],
    ['messages', { messages: [assistant('Yes'), user('Hi')] }],
    ['messages[0]', { messages: [{ role: 'tool', content: 'x', tool_call_id: '1' }] }],
    ['messages[0].content[0].type', { messages: [user([{ type: 'image_url', image_url: {} }])] }],
    ['temperature', { messages: [user('Hi')], temperature: 0.5 }],
    ['tools', { messages: [user('Hi')], tools: [{}] }],
  ])('is refused for %s', (param, request) => {
    expect(() => wireOf('chat', request)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });
});

test('a text has its parameters under the names of NLP Cloud', () => {
  const request = { prompt: 'Once', max_tokens: 9, stop: '.', temperature: 0.5, top_k: 3 };
  expect(bodyOf('completions', request)).toEqual({
    ...{ text: 'Once', max_length: 9, length_no_input: true, end_sequence: '.', remove_end_sequence: true, temperature: 0.5, top_k: 3, remove_input: true },
  });
  expect(bodyOf('completions', { prompt: 'Once', echo: true })).toEqual({ text: 'Once', remove_input: false });
  expect(() => wireOf('completions', { prompt: 'x', stop: ['a', 'b'] })).toThrow(/'stop'/);
  expect(() => wireOf('completions', { prompt: ['a', 'b'] })).toThrow(/one prompt/);
});

test('vectors and pictures are refused for what they lack', () => {
  expect(() => wireOf('embeddings', { input: [1] })).toThrow(/texts, not tokens/);
  expect(() => wireOf('images.generate', { prompt: 'x', response_format: 'b64_json' })).toThrow(/'response_format'/);
  expect(() => wireOf('images.generate', { prompt: 'x', size: '512x512' })).toThrow(/'size'/);
});

test('is found by its key', () => {
  expect(provider.discover({})).toEqual([]);
  expect(provider.discover({ NLP_CLOUD_API_KEY: 'k' })).toMatchObject([{ provider: { name: 'nlp_cloud' } }]);
});

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function pieces(...texts: readonly string[]): Recording {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(texts.map((text) => `${text}\0`).join('')) };
}

const chat = { model: 'm', messages: [user('How "warm"?')] };

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a chat',
    operation: 'chat',
    request: chat,
    answer: json({ response: 'Läuft', history: [{ input: 'How "warm"?', response: 'Läuft' }] }),
    expected: { text: 'Läuft', finish: 'stop' },
  },
  {
    name: 'a streamed chat',
    operation: 'chat',
    request: { ...chat, stream: true },
    answer: pieces('Läuft', ' {"error":1}', ' 😀'),
    expected: { text: 'Läuft {"error":1} 😀', finish: 'stop' },
  },
  {
    name: 'a text',
    operation: 'completions',
    request: { model: 'm', prompt: 'Once' },
    answer: json({ generated_text: ' upon', nb_generated_tokens: 2, nb_input_tokens: 1 }),
    expected: { text: ' upon', inputTokens: 1, outputTokens: 2 },
  },
  {
    name: 'a streamed text',
    operation: 'completions',
    request: { model: 'm', prompt: 'Once', stream: true },
    answer: pieces(' upon', '\n\n', 'a time'),
    expected: { text: ' upon\n\na time', finish: 'stop' },
  },
  {
    name: 'vectors',
    operation: 'embeddings',
    request: { model: 'm', input: ['a', 'b'] },
    answer: json({ embeddings: [[0.5], [1]] }),
    expected: { usage: { inputTokens: 1 } },
  },
  {
    name: 'a picture',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama' },
    answer: json({ url: 'https://files.example.com/a.png' }),
    expected: { fields: { data: [{ url: 'https://files.example.com/a.png' }] }, usage: { images: 1 } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: chat,
    answer: json({ detail: 'Invalid token: sk-contract-0123456789abcdef' }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a limit',
    operation: 'chat',
    request: chat,
    answer: json({ detail: 'Too many requests' }, 429),
    expected: { error: { status: 429, message: /Too many/ } },
  },
];

for (const { name, run } of providerContract({ provider: own, fixtures })) test(name, run);

test('on a socket a body that ends is an end, and a connection that breaks is an error', async () => {
  const upstream = await replayUpstream();
  const asking = { provider: own, operation: 'chat' as const, request: { ...chat, stream: true }, deployment: { baseUrl: upstream.url } };
  upstream.answer(pieces('Läuft', ' 😀'), { cut: 'bytes' });
  expect((await ask(asking)).text).toMatch(/\[DONE\]\s*$/);
  upstream.answer(pieces('Läuft', ' 😀'), { cut: 'bytes', breakAfter: 8 });
  const { text } = await ask(asking);
  await upstream.close();
  expect(text).toContain('upstream_stream_broken');
  expect(text).not.toContain('[DONE]');
});
