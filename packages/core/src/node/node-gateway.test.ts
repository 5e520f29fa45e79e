import { type ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect, createServer as createHttp2Server, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Outcome } from '../types/call.ts';
import { nodeGateway } from './node-gateway.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const options = {
  providers: [
    {
      name: 'none',
      operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new GatewayError('upstream_error', '') } },
    },
  ],
  models: [{ name: 'modèle', deployments: [{ id: 'd', provider: 'none', model: 'm', baseUrl: 'http://127.0.0.1:1' }] }],
  auth: false,
} as const;

/** Answers in the place of providers. */
function answering(batches: () => AsyncIterable<Batch>, outcomes: Outcome[] = []): ReturnType<typeof defineHook> {
  return defineHook({
    name: 'answering',
    phase: 'cache',
    handle(ctx) {
      ctx.group = ctx.request.model;
      ctx.defer((outcome) => void outcomes.push(outcome));
      return Promise.resolve({ kind: 'stream', batches: batches() });
    },
  });
}

async function* twoBatches(): AsyncGenerator<Batch> {
  for (const text of ['{"n":1}', '{"n":2}']) yield { events: [LazyJson.ofText(text)] };
}

const body = JSON.stringify({ model: 'modèle', stream: true, messages: [{ role: 'user', content: 'x' }] });

describe("the gateway on a server of Node's own", () => {
  test('answers over HTTP/2, without the headers that are forbidden there', async () => {
    const ai = nodeGateway({ ...options, hooks: [answering(twoBatches)] });
    const server = createHttp2Server(ai.handler() as never);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    closers.push(
      () => session.close(),
      () => server.close(),
    );

    const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', 'content-type': 'application/json' });
    const head = new Promise<IncomingHttpHeaders & IncomingHttpStatusHeader>((resolve) => stream.on('response', resolve));
    stream.end(body);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(await head).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream; charset=utf-8' });
    expect(await head).not.toHaveProperty('connection');
    expect(text).toBe('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n');
  });

  test('notices over HTTP/2 that the caller has left', async () => {
    const outcomes: Outcome[] = [];
    const ai = nodeGateway({ ...options, hooks: [answering(endless, outcomes)] });
    const server = createHttp2Server(ai.handler() as never);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    closers.push(
      () => session.close(),
      () => server.close(),
    );

    const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', 'content-type': 'application/json' });
    stream.end(body);
    await new Promise((resolve) => stream.once('data', resolve));
    stream.close();
    await ai.idle();
    expect(outcomes).toEqual([{ status: 'aborted' }]);
  });

  test('refuses what is not its own with 404 where no app stands behind it', async () => {
    const url = await listen(createServer(nodeGateway(options).handler(undefined, { path: '/ai' })));
    for (const path of ['/ai/nothing', '/aix', '/']) {
      const answer = await fetch(`${url}${path}`);
      expect([answer.status, await answer.json()]).toMatchObject([
        404,
        { error: { code: 'route_not_found', message: expect.stringContaining(path.slice(3)) } },
      ]);
    }
  });

  test('names a model in any script in its headers', async () => {
    const url = await listen(createServer(nodeGateway({ ...options, hooks: [answering(twoBatches)] }).handler()));
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(decodeURIComponent(answer.headers.get('x-sluice-model-group') ?? '')).toBe('modèle');
  });

  test('leaves a request alone that somebody has answered already', async () => {
    const ai = nodeGateway(options);
    const passed: string[] = [];
    const front = ai.handler((req) => passed.push(req.url ?? ''));
    const url = await listen(
      createServer((req, res) => {
        res.end('first');
        front(req, res);
      }),
    );
    expect(await (await fetch(`${url}/v1/models`)).text()).toBe('first');
    expect(passed).toEqual(['/v1/models']);
  });

  test('cuts a caller who goes on sending a body that was refused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    closers.push(() => vi.useRealTimers());
    const url = await listen(createServer(nodeGateway({ ...options, bodyLimitBytes: 100 }).handler()));
    const made = request(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    const closed = new Promise((resolve) => made.on('error', () => undefined).on('close', resolve));
    made.write('x'.repeat(200));
    const { statusCode } = await new Promise<IncomingMessage>((resolve) => made.on('response', (answer) => resolve(answer.resume())));
    expect(statusCode).toBe(413);
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
  });

  test('counts a caller who has left before the gateway was asked as one who has left', async () => {
    const outcome = new Promise<Outcome>((resolve) => {
      const hook = defineHook({
        name: 'watching',
        phase: 'logger',
        handle(ctx, next) {
          ctx.defer(resolve);
          return next();
        },
      });
      const front = nodeGateway({ ...options, hooks: [hook] }).handler();
      // As an app does that looks up its session first.
      const server = createServer((req, res) => {
        res.once('close', () => front(req, res));
        made.destroy();
      });
      let made: ClientRequest;
      void listen(server).then((url) => {
        made = request(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' } });
        made.on('error', () => undefined);
        made.end(body);
      });
    });
    expect(await outcome).toEqual({ status: 'aborted' });
  });
});

/** Events without an end, which stop with the call. */
function endless(): AsyncIterable<Batch> {
  let count = 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => (count++ === 0 ? Promise.resolve({ done: false, value: { events: [LazyJson.ofText('{"n":1}')] } }) : new Promise(() => undefined)),
      return: () => Promise.resolve({ done: true, value: undefined }),
    }),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
