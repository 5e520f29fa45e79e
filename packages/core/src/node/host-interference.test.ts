import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { defineHook, type Hook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Outcome } from '../types/call.ts';
import { nodeGateway, type NodeGateway } from './node-gateway.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A gateway that answers with `batches` in the place of providers. */
function streaming(batches: () => AsyncIterable<Batch>, outcomes: Outcome[], ...hooks: Hook[]): NodeGateway {
  const answering = defineHook({
    name: 'answering',
    phase: 'cache',
    handle(ctx) {
      ctx.group = ctx.request.model;
      ctx.defer((outcome) => void outcomes.push(outcome));
      return Promise.resolve({ kind: 'stream', batches: batches() });
    },
  });
  return nodeGateway({
    providers: [
      {
        name: 'none',
        operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new GatewayError('upstream_error', '') } },
      },
    ],
    models: [{ name: '*', deployments: [{ id: 'd', provider: 'none', model: '*', baseUrl: 'http://127.0.0.1:1' }] }],
    auth: false,
    hooks: [answering, ...hooks],
  });
}

/** Events for ever, and slowly. */
async function* endless(): AsyncGenerator<Batch> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield { events: [LazyJson.ofText('{"n":1}')] };
  }
}

/** Asks once, by HTTP; `interfere` may do to the response what a host's own code does. */
async function ask(
  ai: NodeGateway,
  interfere: (res: ServerResponse) => void,
  model = 'm',
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const listener = ai.handler();
  const server = createServer((req, res) => {
    interfere(res);
    listener(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return new Promise((resolve, reject) => {
    const req = request(
      { port: (server.address() as AddressInfo).port, method: 'POST', path: '/v1/chat/completions', headers: { 'content-type': 'application/json' } },
      (res) => {
        let text = '';
        res.on('data', (chunk) => (text += String(chunk)));
        res.on('close', () => resolve({ status: res.statusCode, text }));
      },
    );
    req.on('error', reject);
    req.end(JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'x' }] }));
  });
}

describe('a host that takes the response into its own hands', () => {
  test('before the head: the call ends, though its answer has come', async () => {
    const outcomes: Outcome[] = [];
    const slow = defineHook({
      name: 'slow',
      phase: 'guardrail',
      async handle(_ctx, next) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return next();
      },
    });
    const ai = streaming(endless, outcomes, slow);
    const { status } = await ask(ai, (res) => void setTimeout(() => res.writeHead(503).end('too slow'), 10));
    await ai.idle();
    expect({ status, outcomes }).toEqual({ status: 503, outcomes: [{ status: 'aborted' }] });
  });

  test('inside the stream: the call ends, and nothing is written behind the end', async () => {
    const outcomes: Outcome[] = [];
    const ai = streaming(endless, outcomes);
    const errors: unknown[] = [];
    const { text } = await ask(ai, (res) => {
      res.on('error', (error) => errors.push(error));
      setTimeout(() => {
        res.end('data: enough\n\n');
        // As with a reader so slow that the end takes its time.
        res.emit('drain');
      }, 40);
    });
    await ai.idle();
    expect({ end: text.endsWith('data: enough\n\n'), outcomes, errors }).toEqual({ end: true, outcomes: [{ status: 'aborted' }], errors: [] });
  });

  test('a head that cannot be written is a refusal, and ends the call', async () => {
    const outcomes: Outcome[] = [];
    const spoiling = defineHook({
      name: 'spoiling',
      phase: 'guardrail',
      handle(ctx, next) {
        ctx.setHeader('x-note', 'two\r\nlines');
        return next();
      },
    });
    const ai = streaming(endless, outcomes, spoiling);
    const { status } = await ask(ai, () => undefined);
    await ai.idle();
    expect({ status, outcomes }).toEqual({ status: 500, outcomes: [{ status: 'aborted' }] });
  });

  test('a model named by half a character is answered like any other', async () => {
    const outcomes: Outcome[] = [];
    const ai = streaming(async function* () {
      yield { events: [LazyJson.ofText('{"n":1}')] };
    }, outcomes);
    const { status, text } = await ask(ai, () => undefined, 'm\ud800');
    await ai.idle();
    expect({ status, text, outcomes }).toEqual({ status: 200, text: 'data: {"n":1}\n\ndata: [DONE]\n\n', outcomes: [{ status: 'ok' }] });
  });
});
