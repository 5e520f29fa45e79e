import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callRecord, sinkContract } from '@sluice/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleNameSink, sink } from './index.ts';

type Written = Readonly<Record<string, unknown>>;

/** What each path was sent. */
const received = new Map<string, Written[]>();
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const path = request.url ?? '';
  if (path === '/full') return void response.writeHead(507).end();
  received.set(path, [...(received.get(path) ?? []), ...(JSON.parse(text) as Written[])]);
  return void response.end();
});
let url = '';
let count = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it.each(
  sinkContract(() => {
    const path = `/${(count += 1)}`;
    return { sink: sampleNameSink({ url: url + path }), read: async () => received.get(path) ?? [] };
  }),
)('$name', ({ run }) => run());

it('fails, and loses nothing in silence, where the records are not taken', async () => {
  await expect(sampleNameSink({ url: `${url}/full` }).write([callRecord('a')])).rejects.toThrow('not taken: 507');
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(sink.create({ url: 'https://logs.example' }).name).toBe('sample-name');
  expect(() => sink.create({ ur: 'x' })).toThrow(/url: It is missing[^]*ur: .*Did you mean 'url'/);
  expect(() => sink.create({ url: 'logs' })).toThrow(/url: It has to be an http\(s\) address/);
});
