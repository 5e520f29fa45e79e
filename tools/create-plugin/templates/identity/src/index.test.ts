import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { identityContract, presented } from '@sluice/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identity, sampleNameIdentity } from './index.ts';

const KNOWN = 'badge-of-ann-0123456789';

const server = createServer((request, response) => {
  if (request.url === '/broken') return void response.writeHead(500).end();
  if (request.headers.authorization !== `Bearer ${KNOWN}`) return void response.writeHead(401).end();
  return void response.end(JSON.stringify({ user: 'ann', team: 'red' }));
});
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it.each(identityContract(() => ({ identity: sampleNameIdentity({ url }), known: KNOWN })))('$name', ({ run }) => run());

it('names the user and the team', async () => {
  expect(await sampleNameIdentity({ url }).identify(presented(KNOWN))).toEqual({ keyId: 'sample-name/user/ann', userId: 'ann', teamId: 'red' });
});

it('lets nobody in while the service fails', async () => {
  await expect(sampleNameIdentity({ url: `${url}/broken` }).identify(presented(KNOWN))).rejects.toThrow('answered 500');
});

it('leaves what begins otherwise to others', () => {
  expect(sampleNameIdentity({ url, prefix: 'badge-' }).recognizes?.('sk-1234')).toBe(false);
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(identity.create({ url: 'https://people.example' }).name).toBe('sample-name');
  expect(() => identity.create({ ur: 'x' })).toThrow(/url: It is missing[^]*ur: .*Did you mean 'url'/);
});
