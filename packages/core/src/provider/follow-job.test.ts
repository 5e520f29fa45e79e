import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import type { JsonObject } from '../types/json.ts';
import type { Mapping, Provider, WireRequest, WireResponse } from './provider.ts';

type Answer = { readonly status?: number; readonly json?: JsonObject; readonly text?: string; readonly type?: string; readonly hangs?: true };

const HOME = 'https://api.x.test';
const DONE = { choices: [{ index: 0, message: { role: 'assistant', content: 'done' }, finish_reason: 'stop' }] };
const job = (next: string, fields: JsonObject = {}): Answer => ({ status: 201, json: { next, cancel: `${HOME}/cancel`, afterMs: 1, ...fields } });

const mapping: Mapping = {
  toRequest: ({ request }) => ({ url: `${HOME}/jobs`, headers: {}, body: JSON.stringify(request) }),
  follow(body) {
    const { next, cancel, afterMs } = body as { next?: string; cancel?: string; afterMs: number };
    if (next === undefined) return undefined;
    return {
      wire: { url: next, method: 'GET', headers: {} },
      afterMs,
      ...(cancel !== undefined && { cancel: { url: cancel, method: 'POST' as const, headers: {} } }),
    };
  },
  followsTo: ['https://*.files.test'],
  toError: ({ status, body }) => new GatewayError('upstream_error', body, { status, retryable: status >= 500 }),
};

let gateway: Gateway;
let sent: WireRequest[];
afterEach(() => gateway.close());

/** A provider that answers in turn, and whatever comes to a cancellation. */
function start(answers: readonly Answer[], { timeoutMs = 5000, ...parts }: Partial<Provider> & { timeoutMs?: number } = {}): void {
  sent = [];
  const rest = [...answers];
  gateway = createGateway({
    auth: false,
    providers: [
      {
        name: 'p',
        operations: { chat: mapping },
        send(wire, { signal }) {
          sent.push(wire);
          if (wire.url.endsWith('/cancel')) return Promise.resolve(respond({ json: {} }));
          const answer = rest.shift();
          if (!answer) throw new Error('Nobody expected a further question');
          return answer.hangs ? hang(signal) : Promise.resolve(respond(answer));
        },
        ...parts,
      },
    ],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', timeoutMs }] }],
    router: { retries: 0 },
  });
}

function respond({ status = 200, json, text = JSON.stringify(json), type = 'application/json' }: Answer): WireResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return { status, headers: { 'content-type': type }, body: body() };
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new GatewayError('aborted', 'The caller has left'))));
}

const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const;
const asked = (signal?: AbortSignal): Promise<unknown> => gateway.chat.completions.create(request, signal && { signal });
const urls = (): string[] => sent.map(({ url }) => url.replace(HOME, ''));

describe('a job is followed', () => {
  test('until its mapping says that it is done', async () => {
    start([job(`${HOME}/1`), job(`${HOME}/2`), { json: DONE }]);
    expect(await asked()).toEqual(DONE);
    expect(urls()).toEqual(['/jobs', '/1', '/2']);
  });

  test('to an answer that comes at once', async () => {
    start([{ json: DONE }]);
    expect(await asked()).toEqual(DONE);
  });

  test('to a place that the mapping names, unsigned', async () => {
    const signed: string[] = [];
    start([job('https://eu.files.test/result'), { json: DONE }], { sign: (wire) => (signed.push(wire.url), wire) });
    expect(await asked()).toEqual(DONE);
    expect(signed).toEqual([`${HOME}/jobs`]);
  });

  test.each([
    'https://evil.test/',
    'https://files.test.evil.test/',
    'http://api.x.test/1',
    'https://api.x.test:8443/1',
    'https://api.x.test@evil.test/',
    'file:///etc/passwd',
    'no address',
  ])('never to %s', async (next) => {
    start([job(next)]);
    await expect(asked()).rejects.toMatchObject({ code: 'upstream_invalid_answer' });
    expect(urls()).not.toContain(next);
  });

  test('to a stream', async () => {
    const text = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n';
    start([job(`${HOME}/stream`), { text, type: 'text/event-stream' }]);
    const stream = await gateway.chat.completions.create({ ...request, stream: true });
    const chunks: unknown[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks).toHaveLength(1);
    await gateway.idle();
    expect(urls()).toEqual(['/jobs', '/stream']);
  });
});

describe('a question that fails', () => {
  const busy: Answer = { status: 503, json: { message: 'busy' } };

  test('is asked again, and the job goes on', async () => {
    start([job(`${HOME}/1`), busy, busy, { json: DONE }]);
    expect(await asked()).toEqual(DONE);
    expect(urls()).toEqual(['/jobs', '/1', '/1', '/1']);
  });

  test('too often ends the job', async () => {
    start([job(`${HOME}/1`), busy, busy, busy, busy]);
    await expect(asked()).rejects.toMatchObject({ code: 'upstream_error', status: 503 });
    expect(urls()).toEqual(['/jobs', '/1', '/1', '/1', '/1', '/cancel']);
  });

  test('for good ends the job at once', async () => {
    start([job(`${HOME}/1`), { status: 404, json: {} }]);
    await expect(asked()).rejects.toMatchObject({ status: 404 });
    expect(urls()).toEqual(['/jobs', '/1', '/cancel']);
  });
});

describe('nobody waits longer than', () => {
  test('the deployment has time', async () => {
    start([job(`${HOME}/1`, { afterMs: 30_000 })], { timeoutMs: 200 });
    await expect(asked()).rejects.toMatchObject({ code: 'upstream_timeout' });
    expect(urls()).toEqual(['/jobs', '/cancel']);
  });

  test('the caller stays, in a wait', async () => {
    start([job(`${HOME}/1`, { afterMs: 4000 })]);
    const controller = new AbortController();
    const answer = asked(controller.signal);
    await expect.poll(() => sent.length).toBe(1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await gateway.idle();
    expect(urls()).toEqual(['/jobs', '/cancel']);
  });

  test('the caller stays, in a question', async () => {
    start([job(`${HOME}/1`), { hangs: true }]);
    const controller = new AbortController();
    const answer = asked(controller.signal);
    await expect.poll(() => sent.length).toBe(2);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await gateway.idle();
    expect(urls()).toEqual(['/jobs', '/1', '/cancel']);
  });

  test('and a cancellation that leads elsewhere is not sent', async () => {
    start([job(`${HOME}/1`, { cancel: 'https://evil.test/cancel', afterMs: 30_000 })], { timeoutMs: 200 });
    await expect(asked()).rejects.toMatchObject({ code: 'upstream_timeout' });
    await gateway.idle();
    expect(urls()).toEqual(['/jobs']);
  });
});
