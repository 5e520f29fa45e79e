import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { Context } from '../pipeline/context.ts';
import type { Batch, Operation, Reply } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import { JsonArraySplitter } from '../stream/json-array-splitter.ts';
import { LineSplitter } from '../stream/line-splitter.ts';
import { callProvider } from './call-provider.ts';
import type { Mapping, WireResponse } from './provider.ts';
import { transport } from './transport.ts';

type Upstream = { chunks: (string | Error | Promise<never>)[]; status?: number; headers?: Record<string, string>; closed?: number; drained?: boolean };
type Setting = {
  readonly operation?: Operation;
  readonly request?: Partial<ModelRequest>;
  readonly mapping?: Partial<Mapping>;
  readonly defaults?: JsonObject;
};

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
const DONE = 'data: [DONE]\n\n';

const plainMapping: Mapping = {
  toRequest: ({ request }) => ({ url: 'x:', headers: {}, body: JSON.stringify(request) }),
  toError: ({ status, body }) => new GatewayError('upstream_error', `${status} ${body}`, { status }),
};

function respond(upstream: Upstream): WireResponse {
  const chunks = [...upstream.chunks];
  const body: WireResponse['body'] = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      const chunk = chunks.shift();
      if (chunk === undefined) upstream.drained = true;
      if (chunk === undefined) return { done: true, value: undefined };
      if (typeof chunk !== 'string') throw await chunk;
      return { done: false, value: Buffer.from(chunk) };
    },
    return() {
      upstream.closed = (upstream.closed ?? 0) + 1;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return { status: upstream.status ?? 200, headers: upstream.headers ?? SSE, body };
}

async function call(
  upstream: Upstream,
  { operation = 'chat', request = {}, mapping = {}, defaults }: Setting = {},
): Promise<{ ctx: Context; reply: Reply; sent: string }> {
  let sent = '';
  const handler = callProvider({
    providers: [
      {
        name: 'p',
        operations: { [operation]: { ...plainMapping, ...mapping } },
        send: (wire) => ((sent = String(wire.body)), Promise.resolve(respond(upstream))),
      },
    ],
    transport: transport(),
    limits: { timeoutMs: 1000, idleTimeoutMs: 1000, maxAnswerBytes: 1000 },
  });
  const ctx = new Context({
    id: 'c',
    operation,
    request: { model: 'm', stream: true, ...request },
    source: { credentials: [] },
    controller: new AbortController(),
  });
  ctx.deployment = { id: 'd', provider: 'p', model: 'm', price: { input: 1_000_000, output: 1_000_000 }, ...(defaults && { defaults }) };
  return { ctx, reply: await handler(ctx), sent };
}

/** All that a stream says until it ends or throws. */
async function told(reply: Reply): Promise<{ events: unknown[]; wires: string[]; error?: unknown }> {
  const said = { events: [] as unknown[], wires: [] as string[] };
  if (reply.kind !== 'stream') throw new Error('No stream');
  try {
    for await (const { events, wire } of reply.batches as AsyncIterable<Batch>) {
      said.events.push(...events.map(({ value }) => value));
      if (wire) said.wires.push(Buffer.from(wire).toString());
    }
    return said;
  } catch (error) {
    return { ...said, error };
  }
}

const chunk = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
const delta = (content: string): JsonObject => ({ choices: [{ index: 0, delta: { content } }] });

describe('a stream', () => {
  test('passes as the bytes it came in, but for its end', async () => {
    const { reply } = await call({ chunks: [chunk('a') + chunk('b'), chunk('c') + DONE] });
    expect(await told(reply)).toEqual({ events: [delta('a'), delta('b'), delta('c')], wires: [chunk('a') + chunk('b')] });
  });

  test('that reports an error is told up to there, then throws', async () => {
    const upstream = { chunks: [`${chunk('a')}event: error\ndata: {"error":{"message":"no","status_code":429}}\n\n${chunk('b')}`] };
    expect(await told((await call(upstream)).reply)).toMatchObject({ events: [delta('a')], error: { status: 429 } });
  });

  test('that begins with an error fails before there is a reply', async () => {
    await expect(call({ chunks: ['data: {"error":{"message":"no","type":"overloaded_error"}}\n\n'] })).rejects.toMatchObject({ status: 529 });
    await expect(call({ chunks: ['data: {"type":"error","code":"rate_limit_exceeded","message":"no"}\n\n'] })).rejects.toMatchObject({ status: 429 });
    await expect(call({ chunks: ['event: error\ndata: {"message":"no","type":"odd"}\n\n'] })).rejects.toMatchObject({ status: 502 });
    await expect(call({ chunks: ['data: {"error":"no"}\n\n'] })).rejects.toMatchObject({ status: 502 });
  });

  test('that talks of errors is not one', async () => {
    const talk = 'data: {"choices":[{"delta":{"content":"\\"error\\":{}","error":null}}],"error":null}\n\n';
    expect((await told((await call({ chunks: [talk, DONE] })).reply)).events).toHaveLength(1);
  });

  test('usage told on the way is charged, and not shown', async () => {
    const toChunks: Mapping['toChunks'] = () => (event) =>
      event.event === 'start'
        ? [{ choices: [{ index: 0, delta: { content: 'a' } }] }, { object: 'usage', usage: { prompt_tokens: 5, completion_tokens: 1 } }]
        : [{ choices: [{ index: 0, delta: { content: 'b' } }] }];
    const { ctx, reply } = await call({ chunks: ['event: start\ndata: {}\n\n', 'data: {}\n\n', new Error('gone')] }, { mapping: { toChunks } });
    const { events } = await told(reply);
    expect(events).toEqual(['a', 'b'].map((content) => ({ choices: [{ index: 0, delta: { content } }] })));
    expect(ctx.usage).toEqual({ inputTokens: 5, outputTokens: 1 });
  });

  test('is charged by what its error reports', async () => {
    const upstream = { chunks: [`${chunk('a')}data: {"error":{"code":400,"message":"no"},"usage":{"prompt_tokens":5,"completion_tokens":7}}\n\n`] };
    const { ctx, reply } = await call(upstream);
    await told(reply);
    expect(ctx.usage).toEqual({ inputTokens: 5, outputTokens: 7 });
    expect(ctx.costNanoUsd).toBe(12);
  });

  test('is over at its end, whatever follows', async () => {
    for (const after of [['data: not json\n\n'], [new Error('reset')], []] as const) {
      const upstream: Upstream = { chunks: [chunk('a') + DONE, ...after] };
      expect(await told((await call(upstream)).reply)).toEqual({ events: [delta('a')], wires: [] });
      expect(upstream.closed).toBeUndefined();
    }
  });

  test('that is held open after its end is let go', async () => {
    const upstream: Upstream = { chunks: [chunk('a') + DONE, new Promise<never>(() => undefined)] };
    expect(await told((await call(upstream)).reply)).toEqual({ events: [delta('a')], wires: [] });
    await expect.poll(() => upstream.closed, { timeout: 5000 }).toBe(1);
  });

  test('may leave out the blank line after its last event, but not half of the event', async () => {
    expect((await told((await call({ chunks: [chunk('a'), 'data: [DONE]'] })).reply)).error).toBeUndefined();
    expect(await told((await call({ chunks: [chunk('a'), 'data: {"choices":[{"a":{}}'] })).reply)).toMatchObject({
      events: [delta('a')],
      error: { code: 'upstream_stream_broken' },
    });
  });

  test.each([['data: ok\n\n'], ['data: {"a":}\n\n'], ['data: 7\n\n']])('with %j is no answer, and the rest is not waited for', async (event) => {
    const upstream: Upstream = { chunks: [chunk('a'), event, chunk('b')] };
    const mapping: Partial<Mapping> = {
      toChunks:
        () =>
        ({ data }) => [JSON.parse(data) as JsonObject],
    };
    expect(await told((await call(upstream, { mapping })).reply)).toMatchObject({ error: { code: 'upstream_invalid_answer' } });
    expect(upstream.closed).toBe(1);
  });

  test('in which a mapping finds an error tells what came before it, wherever it is cut', async () => {
    const mapping: Partial<Mapping> = {
      toChunks:
        () =>
        ({ data }) => {
          if (data.includes('"failed"')) throw new GatewayError('upstream_error', 'No answer');
          return [JSON.parse(data) as JsonObject];
        },
    };
    const failed = 'data: {"failed":true}\n\n';
    for (const chunks of [[chunk('a') + failed], [chunk('a'), failed]]) {
      expect(await told((await call({ chunks }, { mapping })).reply)).toMatchObject({ events: [delta('a')], error: { code: 'upstream_error' } });
    }
  });

  test("that a mapping trips over is the provider's fault", async () => {
    const mapping: Partial<Mapping> = {
      toChunks:
        () =>
        ({ data }) => [{ x: (JSON.parse(data) as { a: { b: string } }).a.b }],
    };
    await expect(call({ chunks: ['data: {}\n\n'] }, { mapping })).rejects.toMatchObject({ code: 'upstream_invalid_answer', cause: expect.any(TypeError) });
  });

  test('that a mapping leaves alone keeps its bytes', async () => {
    const mapping: Partial<Mapping> = {
      toChunks:
        () =>
        ({ data }) =>
          data.includes('b') ? [delta('B')] : undefined,
    };
    expect(await told((await call({ chunks: [chunk('a'), chunk('b'), DONE] }, { mapping })).reply)).toEqual({
      events: [delta('a'), delta('B')],
      wires: [chunk('a')],
    });
  });

  test('that ends by its own event may say more after it', async () => {
    const upstream = { chunks: ['data: {"type":"done"}\n\n', 'data: {"type":"done"}\n\n', new Error('reset')] };
    expect((await told((await call(upstream, { mapping: { isEnd: ({ data }) => data.includes('done') } })).reply)).events).toHaveLength(2);
  });

  test('under another name, or none, is still one', async () => {
    for (const headers of [{}, { 'content-type': 'application/octet-stream' }])
      expect((await told((await call({ chunks: [chunk('a'), DONE], headers })).reply)).events).toEqual([delta('a')]);
  });

  test.each([-1, Number.NaN, '5' as unknown as number])('is charged by its text where a mapping reads %s for a count', async (outputTokens) => {
    const toUsage: Mapping['toUsage'] = () => ({ inputTokens: 1, outputTokens });
    const { ctx, reply } = await call({ chunks: [chunk('abcdefgh'), `data: {"choices":[],"usage":{}}\n\n${DONE}`] }, { mapping: { toUsage } });
    await told(reply);
    await ctx.settle({ status: 'ok' }, () => undefined);
    expect(ctx.usage?.outputTokens).toBe(2);
    const whole = await call({ chunks: ['{"choices":[{"message":{"content":"abcdefgh"}}]}'], headers: JSON_TYPE }, { mapping: { toUsage } });
    expect(whole.ctx.usage?.outputTokens).toBe(2);
  });

  test.each([-1, '5', 1e300, null, Number.MAX_SAFE_INTEGER])('with %s for a count is charged by its text', async (count) => {
    const { ctx, reply } = await call({ chunks: [chunk('abcdefgh'), `data: {"choices":[],"usage":{"prompt_tokens":${JSON.stringify(count)}}}\n\n${DONE}`] });
    await told(reply);
    await ctx.settle({ status: 'ok' }, () => undefined);
    expect(ctx.usage?.outputTokens).toBe(2);
  });
});

describe('a stream framed otherwise', () => {
  const line = (content: string, done = false): string => `${JSON.stringify({ message: { content }, done })}\n`;
  const mapping: Partial<Mapping> = {
    framing: (contentType, maxEventBytes) =>
      contentType === 'application/x-ndjson'
        ? new LineSplitter(maxEventBytes)
        : contentType === 'application/json'
          ? new JsonArraySplitter(maxEventBytes)
          : undefined,
    toChunks:
      () =>
      ({ data }) => [delta((JSON.parse(data) as { message: { content: string } }).message.content)],
    isEnd: ({ data }) => data.includes('"done":true'),
  };
  const lines = (...chunks: Upstream['chunks']): Upstream => ({ chunks, headers: { 'content-type': 'Application/X-NDJSON; charset=utf-8' } });

  test('is read by the splitter that its mapping brings', async () => {
    const upstream = lines(line('a').slice(0, 9), line('a').slice(9) + line('b'), line('c', true).trim());
    expect(await told((await call(upstream, { mapping })).reply)).toEqual({ events: [delta('a'), delta('b'), delta('c')], wires: [] });
  });

  test('may be a list that is written bit by bit, or an answer in its place', async () => {
    const list = `[${line('a')},\n${line('b', true)}]`;
    expect((await told((await call({ chunks: [list.slice(0, 20), list.slice(20)], headers: JSON_TYPE }, { mapping })).reply)).events).toEqual([
      delta('a'),
      delta('b'),
    ]);
    const refusal = { chunks: ['{"error":{"code":429,"message":"slow"}}'], headers: JSON_TYPE };
    await expect(call(refusal, { mapping })).rejects.toMatchObject({ status: 429 });
  });

  test('is whole where no stream was asked for', async () => {
    const body = JSON.stringify({ choices: [] });
    expect((await call({ chunks: [body], headers: JSON_TYPE }, { mapping, request: { stream: false } })).reply).toMatchObject({ kind: 'complete' });
  });

  test('is server-sent events where the mapping says nothing of the type', async () => {
    const upstream = { chunks: [`data: ${line('a', true)}\n`], headers: SSE };
    expect((await told((await call(upstream, { mapping })).reply)).events).toEqual([delta('a')]);
  });

  test.each([
    ['breaks off', lines(line('a'), line('b').slice(0, 20)), 'upstream_stream_broken'],
    ['reports an error', lines(line('a'), '{"error":"out of memory"}\n'), 'upstream_error'],
    ['holds what is no object', lines(line('a'), '[7]\n'), 'upstream_invalid_answer'],
    ['is no list', { chunks: [`[${line('a')}`, 'oops'], headers: JSON_TYPE }, 'upstream_invalid_answer'],
  ])('that %s tells of it', async (_, upstream, code) => {
    expect(await told((await call(upstream, { mapping })).reply)).toMatchObject({ events: [delta('a')], error: { code } });
  });

  test("that a splitter trips over is the provider's fault", async () => {
    const framing: Mapping['framing'] = () => ({
      push: () => {
        throw new RangeError('Checksum');
      },
      flush: () => ({ events: [], wire: undefined }),
    });
    await expect(call(lines('x'), { mapping: { ...mapping, framing } })).rejects.toMatchObject({
      code: 'upstream_invalid_answer',
      cause: expect.any(RangeError),
    });
  });
});

describe('a whole answer', () => {
  const reply = {
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi', tool_calls: [{ id: 'a' }, { id: 'b' }] }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  };
  const whole = (value: unknown): Upstream => ({ chunks: [typeof value === 'string' ? value : JSON.stringify(value)], headers: JSON_TYPE });

  test('to a call for a stream becomes one', async () => {
    const { reply: stream, ctx } = await call(whole(reply));
    const { usage } = reply;
    const message = reply.choices[0]?.message;
    expect((await told(stream)).events).toEqual([
      {
        object: 'chat.completion.chunk',
        choices: [
          {
            index: 0,
            delta: {
              ...message,
              tool_calls: [
                { index: 0, id: 'a' },
                { index: 1, id: 'b' },
              ],
            },
            finish_reason: 'stop',
          },
        ],
      },
      { object: 'chat.completion.chunk', choices: [], usage },
    ]);
    expect(ctx.usage).toEqual({ inputTokens: 1, outputTokens: 2 });
    const response = { object: 'response', status: 'completed', output: [] };
    expect((await told((await call(whole(response), { operation: 'responses' })).reply)).events).toEqual([
      { type: 'response.completed', response, sequence_number: 0 },
    ]);
  });

  test('that is an error with status 200 is an error', async () => {
    await expect(call(whole({ error: { code: 429, message: 'slow' } }), { request: { stream: false } })).rejects.toMatchObject({ status: 429 });
    await expect(call(whole({ error: { message: 'no', type: 'authentication_error' } }))).rejects.toMatchObject({ status: 401 });
  });

  test('with an error of its own is an answer', async () => {
    const response = { object: 'response', status: 'failed', output: [], error: { code: 'server_error', message: 'no' } };
    expect((await call(whole(response), { operation: 'responses', request: { stream: false } })).reply).toMatchObject({
      kind: 'complete',
      body: { value: response },
    });
  });

  test.each([['not json'], ['7'], ['null'], [{}], [{ choices: null }], ['x'.repeat(2000)]])('%j is no answer', async (value) => {
    await expect(call(whole(value), { request: { stream: false } })).rejects.toMatchObject({ code: 'upstream_invalid_answer' });
  });

  test('that a mapping changes nothing of keeps its bytes', async () => {
    const text = ' { "choices" : [ ] } ';
    const { reply: same } = await call(whole(text), { request: { stream: false }, mapping: { toReply: (body) => body as JsonObject } });
    expect(same.kind === 'complete' && Buffer.from(same.body.bytes).toString()).toBe(text);
  });

  test('as a stream that nobody asked for is refused, and cut', async () => {
    const upstream: Upstream = { chunks: [chunk('a')] };
    await expect(call(upstream, { request: { stream: false } })).rejects.toMatchObject({ code: 'upstream_invalid_answer' });
    expect(upstream.closed).toBe(1);
  });

  test('that is packed is refused, and cut', async () => {
    const upstream: Upstream = { chunks: ['\u001f\u008b'], headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } };
    await expect(call(upstream)).rejects.toMatchObject({ code: 'upstream_invalid_answer', message: expect.stringContaining('gzip') });
    expect(upstream.closed).toBe(1);
  });

  test('in bytes is wrapped in JSON where the operation answers with that, and JSON in its place is read', async () => {
    const mapping: Partial<Mapping> = { fromBytes: ({ contentType, bytes }) => ({ data: [{ b64_json: Buffer.from(bytes).toString('base64'), contentType }] }) };
    const setting: Setting = { operation: 'images.generate', request: { stream: false, prompt: 'x' }, mapping };
    const { reply } = await call({ chunks: ['pi', 'xel'], headers: { 'content-type': 'image/png' } }, setting);
    expect(reply.kind === 'complete' && reply.body.value).toEqual({ data: [{ b64_json: 'cGl4ZWw=', contentType: 'image/png' }] });
    await expect(call({ chunks: ['{"error":"No"}'], headers: JSON_TYPE }, setting)).rejects.toMatchObject({ code: 'upstream_error' });
    await expect(call({ chunks: ['x'.repeat(2000)], headers: { 'content-type': 'image/png' } }, setting)).rejects.toMatchObject({
      code: 'upstream_invalid_answer',
    });
  });

  test('in bytes is passed on, but JSON in its place is read', async () => {
    const mapping = { answersBytes: true };
    const setting: Setting = { operation: 'audio.speech', request: { stream: false, input: 'hello' }, mapping };
    expect((await call({ chunks: ['abc'], headers: { 'content-type': 'audio/mpeg' } }, setting)).reply).toMatchObject({
      kind: 'bytes',
      contentType: 'audio/mpeg',
    });
    await expect(call(whole({ error: { message: 'no', code: 400 } }), setting)).rejects.toMatchObject({ status: 400 });
  });
});

test('defaults of a deployment fill what the caller left open', async () => {
  const { sent } = await call(
    { chunks: [chunk('a'), DONE] },
    { request: { temperature: 0, top_p: undefined }, defaults: { temperature: 1, top_p: 0.5, seed: 7 } },
  );
  expect(JSON.parse(sent)).toEqual({ model: 'm', stream: true, temperature: 0, top_p: 0.5, seed: 7 });
});
