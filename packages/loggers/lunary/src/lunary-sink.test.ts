import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRecord } from '@sluice/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lunarySink, sink } from './index.ts';

type Event = Readonly<Record<string, unknown>>;
const received: { path: string | undefined; authorization: string | undefined; events: Event[] }[] = [];
let status = 200;
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  received.push({ path: request.url, authorization: request.headers.authorization, events: (JSON.parse(text) as { events: Event[] }).events });
  response.writeHead(status).end('{}');
});
let baseUrl = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it('tells Lunary how each call began and how it ended', async () => {
  const said = { request: { messages: [{ role: 'user', content: 'hi' }] }, answer: { choices: [{ message: { role: 'assistant', content: 'hello' } }] } };
  await lunarySink({ publicKey: 'pk', baseUrl }).write([
    callRecord('a', { said, endUserId: 'u', tags: ['t'], labels: { plan: 'x' } }),
    callRecord('b', { status: 'error', code: 'upstream_error', message: 'gone' }),
    callRecord('c', { keyId: undefined }),
    callRecord('d', { operation: 'health' }),
  ]);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ path: '/v1/runs/ingest', authorization: 'Bearer pk' });
  expect(received[0]?.events).toMatchObject([
    {
      event: 'start',
      type: 'llm',
      runId: 'a',
      name: 'fast',
      timestamp: '2026-01-02T03:04:05.678Z',
      userId: 'u',
      tags: ['t'],
      metadata: { plan: 'x', costUsd: 0.0000056 },
      input: [{ content: 'hi' }],
    },
    { event: 'end', runId: 'a', timestamp: '2026-01-02T03:04:05.691Z', tokensUsage: { prompt: 12, completion: 34 }, output: { content: 'hello' } },
    { event: 'start', runId: 'b' },
    { event: 'error', runId: 'b', error: { message: 'upstream_error: gone' } },
  ]);
});

it('fails where they are not taken, and names no key', async () => {
  status = 401;
  await expect(lunarySink({ publicKey: 'canary', baseUrl }).write([callRecord('a')])).rejects.toThrow(/^not taken: 401(?!.*canary)/);
});

it('is made from a configuration file and the environment, and tells its mistakes', () => {
  expect(sink.create({}, { LUNARY_PUBLIC_KEY: 'pk' }).name).toBe('lunary');
  expect(() => sink.create({}, {})).toThrow(/publicKey: .*LUNARY_PUBLIC_KEY/);
  expect(() => sink.create({ baseURL: 'x' }, {})).toThrow(/Did you mean 'baseUrl'/);
});
