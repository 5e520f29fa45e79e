import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway, type GatewayError, type ModelRequest } from '@sluice/core';
import { afterEach, describe, expect, test } from 'vitest';
import { demo, type DemoOptions } from './demo.ts';
import { provider } from './provider-package.ts';

let gateway: Gateway;

function start(options: DemoOptions = {}): Gateway {
  gateway = createGateway({
    auth: false,
    providers: [demo({ pieceDelayMs: 0, ...options })],
    models: [{ name: 'demo/*', deployments: [{ id: 'demo', provider: 'demo', model: '*' }] }],
    router: { retries: 0 },
  });
  return gateway;
}

afterEach(() => gateway?.close());

const hello = { role: 'user', content: 'Hello there' } as const;

async function textOf(gateway: Gateway, request: ModelRequest): Promise<string> {
  let text = '';
  for await (const chunk of await gateway.chat.completions.create({ ...request, messages: [hello], stream: true }))
    text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

describe('without a script', () => {
  test('it costs nothing, so that a budget lets it pass; under another name it costs what is sold there', async () => {
    const principal = { keyId: 'k', budgetNanoUsd: 1_000_000_000 };
    const request = { model: 'demo/chat', messages: [hello] };
    expect((await start().chat.completions.create(request, { principal })).choices).toHaveLength(1);
    expect(demo({ name: 'openai' }).priceOf?.('gpt-4o')).toBeUndefined();
  });

  test('it says that it is a demo, whole and in a stream alike', async () => {
    const { choices, usage } = await start().chat.completions.create({ model: 'demo/chat', messages: [hello] });
    expect(choices[0]?.message.content).toContain('demo provider');
    expect(usage?.prompt_tokens).toBe(3);
    expect(await textOf(gateway, { model: 'demo/chat' })).toBe(choices[0]?.message.content);
  });

  test('the echo model repeats the caller, as far as the limit allows', async () => {
    const echo = await start().chat.completions.create({ model: 'demo/echo', messages: [hello] });
    expect(echo.choices[0]).toMatchObject({ message: { content: 'Hello there' }, finish_reason: 'stop' });
    const cut = await gateway.chat.completions.create({ model: 'demo/echo', messages: [hello], max_tokens: 1 });
    expect(cut.choices[0]).toMatchObject({ message: { content: 'Hell' }, finish_reason: 'length' });
  });

  test('a demanded tool and a demanded form are filled in by their schema', async () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' }, unit: { enum: ['c', 'f'] } },
      required: ['city', 'days', 'unit'],
    };
    const called = await start().chat.completions.create({
      model: 'demo/chat',
      messages: [hello],
      tools: [{ type: 'function', function: { name: 'weather', parameters } }],
      tool_choice: 'required',
    });
    expect(called.choices[0]?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(called.choices[0]?.message.tool_calls?.[0]?.function.arguments ?? '')).toEqual({ city: 'demo', days: 1, unit: 'c' });
    const formed = await gateway.chat.completions.create({
      model: 'demo/chat',
      messages: [hello],
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: parameters } },
    });
    expect(JSON.parse(String(formed.choices[0]?.message.content))).toEqual({ city: 'demo', days: 1, unit: 'c' });
  });

  test('embeddings are unit vectors, the same for the same text, in both encodings', async () => {
    const floats = await start().embeddings.create({ model: 'demo/embed', input: ['a', 'b', 'a'], dimensions: 64 });
    const [a, b, again] = (floats.data as { embedding: number[] }[]).map(({ embedding }) => embedding);
    expect(a).toEqual(again);
    expect(a).not.toEqual(b);
    expect(Math.hypot(...(a ?? []))).toBeCloseTo(1, 5);
    const encoded = await gateway.embeddings.create({ model: 'demo/embed', input: 'a', dimensions: 64, encoding_format: 'base64' });
    const bytes = Buffer.from((encoded.data as { embedding: string }[])[0]?.embedding ?? '', 'base64');
    expect([...new Float32Array(bytes.buffer, bytes.byteOffset, 64)]).toEqual(a);
  });

  test('every other operation answers in its form', async () => {
    start();
    expect(await gateway.completions.create({ model: 'demo/echo', prompt: 'on and on' })).toMatchObject({ choices: [{ text: 'on and on' }] });
    expect(await gateway.moderations.create({ model: 'demo/m', input: ['x', 'y'] })).toMatchObject({ results: [{ flagged: false }, { flagged: false }] });
    expect(await gateway.images.generate({ model: 'demo/i', prompt: 'x', n: 2 })).toMatchObject({ data: [{}, {}] });
    expect((await gateway.audio.speech.create({ model: 'demo/s', input: 'x', voice: 'v' })).contentType).toBe('audio/wav');
    expect(await gateway.responses.create({ model: 'demo/echo', input: 'hi' })).toMatchObject({ output: [{ content: [{ text: 'hi' }] }] });
    expect(await gateway.rerank.create({ model: 'demo/r', query: 'the river', documents: ['A sea', 'The river'], top_n: 1 })).toMatchObject({
      results: [{ index: 1, relevance_score: 1 }],
    });
    expect(await gateway.ocr.create({ model: 'demo/o', document: { type: 'image_url', image_url: 'https://x.test/a.png' }, pages: [4] })).toMatchObject({
      pages: [{ index: 4 }],
    });
    expect(await gateway.tokens.count({ model: 'demo/c', messages: [hello] })).toMatchObject({ input_tokens: 3, tokenizer_type: 'demo_api' });
    const form = new FormData();
    form.append('model', 'demo/t');
    form.append('file', new Blob(['sound']), 'a.wav');
    const heard = await gateway.fetch('http://sluice/v1/audio/transcriptions', { method: 'POST', body: form });
    expect(await heard.json()).toMatchObject({ text: expect.stringContaining('does not listen') });
  });

  test('a stream of the Responses API ends by its own event', async () => {
    const types: unknown[] = [];
    for await (const event of await start().responses.create({ model: 'demo/echo', input: 'hi', stream: true })) types.push(event.type);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
  });

  test('a caller who leaves ends the stream', async () => {
    const controller = new AbortController();
    const stream = await start({ pieceDelayMs: 5 }).chat.completions.create(
      { model: 'demo/chat', messages: [hello], stream: true },
      { signal: controller.signal },
    );
    await expect(async () => {
      for await (const _ of stream) controller.abort();
    }).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('with a script', () => {
  test('the first answer that matches is given', async () => {
    start({ answers: [{ match: /weather/, text: 'Sunny' }, { match: 'Hello', text: 'Hi!', reasoning: 'A greeting.' }, { text: 'Anything else' }] });
    expect(await textOf(gateway, { model: 'demo/x' })).toBe('Hi!');
  });

  test('tool calls come with an id and their arguments as text', async () => {
    start({ answers: [{ toolCalls: [{ name: 'weather', arguments: { city: 'Paris' } }] }] });
    const { choices } = await gateway.chat.completions.create({ model: 'demo/x', messages: [hello] });
    expect(choices[0]?.message.tool_calls).toEqual([{ id: 'call_demo_0', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } }]);
    expect(await gateway.responses.create({ model: 'demo/x', input: 'Hello' })).toMatchObject({
      output: [{ type: 'function_call', name: 'weather', arguments: '{"city":"Paris"}' }],
    });
  });

  test('errors are errors, with their status and when to come back', async () => {
    start({ answers: [{ error: { status: 429, message: 'Slow down', code: 'too_fast', retryAfterSeconds: 2 } }] });
    const error = await gateway.chat.completions.create({ model: 'demo/x', messages: [hello] }).catch((thrown: unknown) => thrown as GatewayError);
    expect(error).toMatchObject({ status: 429, message: 'Slow down', wireCode: 'too_fast', retryAfterMs: 2000, retryable: true });
  });

  test('recorded bytes are said again', async () => {
    const body =
      'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"once"}}]}\n\ndata: [DONE]\n\n';
    start({ answers: [{ replay: { contentType: 'text/event-stream', body } }] });
    expect(await textOf(gateway, { model: 'demo/x' })).toBe('once');
  });
});

describe('as a stand-in', () => {
  function mocked(mock: unknown): Gateway {
    const deployment = {
      id: 'd',
      provider: 'acme',
      model: 'large',
      standIn: 'demo',
      options: { mock_response: mock },
      price: { input: 1_000_000, output: 2_000_000 },
    };
    gateway = createGateway({
      auth: false,
      providers: [demo({ pieceDelayMs: 0 })],
      models: [{ name: 'm', deployments: [deployment] }],
      router: { retries: 0 },
    });
    return gateway;
  }

  async function failure(mock: string): Promise<GatewayError> {
    return mocked(mock)
      .chat.completions.create({ model: 'm', messages: [hello] })
      .then(
        () => expect.fail('It answered'),
        (thrown: unknown) => thrown as GatewayError,
      );
  }

  test('a text is the answer, whole and in a stream, and is paid for', async () => {
    const answer = mocked('Hi!').chat.completions.create({ model: 'm', messages: [hello] });
    await expect(answer).resolves.toMatchObject({ choices: [{ message: { content: 'Hi!' } }], usage: { prompt_tokens: 3, completion_tokens: 1 } });
    expect(await textOf(gateway, { model: 'm' })).toBe('Hi!');
    const http = await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [hello] }),
    });
    expect(http.headers.get('x-sluice-response-cost')).toBe('0.000000005');
  });

  test('a whole answer is given as it is, and in a stream as chunks', async () => {
    const whole = { id: 'x', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'length' }] };
    expect(await mocked(whole).chat.completions.create({ model: 'm', messages: [hello] })).toMatchObject(whole);
    expect(await textOf(gateway, { model: 'm' })).toBe('whole');
  });

  test.each([
    ['litellm.RateLimitError', { code: 'upstream_rate_limited', status: 429, retryable: true }],
    ['ContextWindowExceededError', { code: 'context_length_exceeded', status: 400, retryable: false }],
    ['litellm.ContentPolicyViolationError: not this', { code: 'content_policy_violation', message: 'not this' }],
    ['litellm.InternalServerError', { code: 'upstream_error', retryable: true }],
    ['litellm.Timeout', { code: 'upstream_timeout', retryable: true }],
    ['Exception: all is lost', { code: 'upstream_error', message: 'all is lost' }],
  ])('%s is that failure', async (mock, expected) => {
    expect(await failure(mock)).toMatchObject(expected);
  });

  test('a recorded exchange is told again from its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
    const file = join(folder, 'exchange.json');
    const text = 'data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"again"}}]}\n\ndata: [DONE]\n\n';
    writeFileSync(file, JSON.stringify({ response: { status: 200, headers: { 'Content-Type': 'text/event-stream' }, text } }));
    expect(await textOf(mocked({ replay: file }), { model: 'm' })).toBe('again');
    expect(await textOf(start({ answers: [{ replay: file }] }), { model: 'demo/x' })).toBe('again');
    rmSync(folder, { recursive: true });
    expect(() => mocked({ replay: file })).toThrow(/exchange.json cannot be read as a recorded exchange/);
    expect(() => start({ answers: [{ replay: file }] })).toThrow(/cannot be read as a recorded exchange/);
  });

  test('what cannot be answered with is told at start-up', () => {
    expect(() => mocked('litellm.RatesLimitError')).toThrow("which is not known. Did you mean 'RateLimitError'?");
    expect(() => mocked(5)).toThrow('mock_response is a text');
  });
});

test('it stands in only where no other provider is found', () => {
  expect(provider.isStandIn).toBe(true);
  expect(provider.discover({})).toMatchObject([{ provider: { name: 'demo' }, models: ['demo', 'echo'] }]);
});
