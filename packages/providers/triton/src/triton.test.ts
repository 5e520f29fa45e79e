import type { Deployment, JsonObject, Operation, ProviderCall, WireRequest } from '@sluice/core';
import { ask, providerContract, type ProviderFixture, type Recording, replayUpstream } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { provider } from './provider-package.ts';
import { triton } from './triton.ts';

const deployment: Deployment = { id: 'd', provider: 'triton', model: 'my-llm' };
const own = triton({ env: {} });

function callOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): ProviderCall {
  return { operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } };
}

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): WireRequest {
  const mapping = own.operations[operation];
  if (!mapping) throw new Error(`It has no ${operation}`);
  return mapping.toRequest(callOf(operation, request, more));
}

const bodyOf = ({ body }: WireRequest): unknown => JSON.parse(String(body));

describe('a call', () => {
  test.each([
    [{}, 'http://127.0.0.1:8000/v2/models/my-llm/generate'],
    [{ model: 'my-llm/versions/2' }, 'http://127.0.0.1:8000/v2/models/my-llm/versions/2/generate'],
    [{ baseUrl: 'https://triton.example.com/' }, 'https://triton.example.com/v2/models/my-llm/generate'],
    [{ baseUrl: 'https://triton.example.com/v2/models/other/generate' }, 'https://triton.example.com/v2/models/my-llm/generate'],
  ])('of %o goes to %s', (more, url) => {
    expect(wireOf('completions', { prompt: 'x' }, more).url).toBe(url);
  });

  test('for a text has the parameters of the model', () => {
    const wire = wireOf('completions', {
      prompt: 'Once',
      max_tokens: 9,
      temperature: 0,
      stop: ['.'],
      top_k: 3,
      exclude_input_in_output: true,
      user: 'u',
      stream: true,
      n: 1,
    });
    expect(wire.url).toMatch(/\/generate_stream$/);
    const parameters = { max_tokens: 9, temperature: 0, stop: '.', top_k: 3, exclude_input_in_output: true, stream: true };
    expect(bodyOf(wire)).toEqual({ text_input: 'Once', parameters });
  });

  test('for vectors has a tensor of texts', () => {
    expect(bodyOf(wireOf('embeddings', { input: ['a', 'b'] }))).toEqual({ inputs: [{ name: 'input_text', shape: [2], datatype: 'BYTES', data: ['a', 'b'] }] });
    expect(bodyOf(wireOf('embeddings', { input: 'a' }, { options: { input_name: 'TEXT' } }))).toMatchObject({ inputs: [{ name: 'TEXT', shape: [1] }] });
  });

  test.each<[Operation, JsonObject, string]>([
    ['completions', { prompt: 'x', stop: ['a', 'b'] }, 'stop'],
    ['completions', { prompt: 'x', bad_words: ['a'] }, 'bad_words'],
    ['completions', { prompt: 'x', n: 2 }, 'n'],
    ['completions', { prompt: ['a', 'b'] }, 'prompt'],
    ['embeddings', { input: [1, 2] }, 'input'],
    ['embeddings', { input: 'a', dimensions: 3 }, 'dimensions'],
  ])('is refused (%s of %o)', (operation, request, param) => {
    expect(() => wireOf(operation, request)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });
});

describe('vectors', () => {
  const read = (body: object, options: Deployment['options'] = {}): unknown =>
    own.operations.embeddings?.toReply?.(body, callOf('embeddings', { input: ['a', 'b'] }, { options }));

  test('are cut out of their row, of the tensor that is meant', () => {
    const outputs = [
      { name: 'mask', shape: [2, 1], datatype: 'FP32', data: [1, 1] },
      { name: 'vectors', shape: [2, 3], datatype: 'FP32', data: [1, 2, 3, 4, 5, 6] },
    ];
    expect(read({ outputs }, { output_name: 'vectors' })).toMatchObject({ data: [{ embedding: [1, 2, 3] }, { index: 1, embedding: [4, 5, 6] }] });
    expect(read({ outputs })).toMatchObject({ data: [{ embedding: [1] }, { embedding: [1] }] });
  });

  test('of another number than the texts are none', () => {
    expect(() => read({ outputs: [{ name: 'v', shape: [1, 3], data: [1, 2, 3] }] })).toThrow(/no vector for each text/);
  });
});

test('is found by its address, and a probe asks whether it is ready', () => {
  expect(provider.discover({ TRITON_API_KEY: 'k' })).toEqual([]);
  expect(provider.discover({ TRITON_API_BASE: 'http://127.0.0.1:8000' })).toMatchObject([{ provider: { name: 'triton' } }]);
  expect(own.probe?.(deployment)).toMatchObject({ url: 'http://127.0.0.1:8000/v2/health/ready', method: 'GET' });
});

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function stream(...events: readonly object[]): Recording {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(body) };
}

const output = (text: string): object => ({ model_name: 'my-llm', model_version: '1', text_output: text });
const asked = { model: 'm', prompt: 'How "warm"?' };

const fixtures: readonly ProviderFixture[] = [
  { name: 'a text', operation: 'completions', request: asked, answer: json(output('Läuft')), expected: { text: 'Läuft', finish: 'stop' } },
  {
    name: 'a stream',
    operation: 'completions',
    request: { ...asked, stream: true },
    answer: stream(output('Läuft'), output(' 21 °C'), output(' 😀')),
    expected: { text: 'Läuft 21 °C 😀', finish: 'stop' },
  },
  {
    name: 'vectors',
    operation: 'embeddings',
    request: { model: 'm', input: 'Zürich' },
    answer: json({ model_name: 'e', outputs: [{ name: 'v', shape: [1, 2], datatype: 'FP32', data: [0.5, 1] }] }),
    expected: { usage: { inputTokens: 2 } },
  },
  {
    name: 'an error',
    operation: 'completions',
    request: asked,
    answer: json({ error: 'unknown model' }, 400),
    expected: { error: { status: 400, message: /unknown/ } },
  },
  {
    name: 'a server that is not ready',
    operation: 'completions',
    request: asked,
    answer: json({ error: "Request for unknown model: 'x' is not ready" }, 503),
    expected: { error: { status: 503 } },
  },
  {
    name: 'an error inside a stream',
    operation: 'completions',
    request: { ...asked, stream: true },
    answer: stream(output('Lä'), { error: 'CUDA out of memory' }),
    expected: { error: { message: /out of memory/ } },
  },
];

for (const { name, run } of providerContract({ provider: own, fixtures })) test(name, run);

test('on a socket a body that ends is an end, and a connection that breaks is an error', async () => {
  const upstream = await replayUpstream();
  const asking = { provider: own, operation: 'completions' as const, request: { ...asked, stream: true }, deployment: { baseUrl: upstream.url } };
  upstream.answer(stream(output('Läuft'), output(' 😀')), { cut: { seed: 3 } });
  expect((await ask(asking)).text).toMatch(/\[DONE\]\s*$/);
  upstream.answer(stream(output('Läuft'), output(' 😀')), { cut: 'bytes', breakAfter: 90 });
  const { text } = await ask(asking);
  await upstream.close();
  expect(text).toContain('upstream_stream_broken');
  expect(text).not.toContain('[DONE]');
});
