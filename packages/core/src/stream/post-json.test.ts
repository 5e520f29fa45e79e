import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postJson } from './post-json.ts';

let answer: (response: ServerResponse, count: number) => void = () => undefined;
const seen: string[] = [];
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  seen.push(text);
  answer(response, seen.length);
});
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function post(script: typeof answer): Promise<{ tries: number; text: string }> {
  seen.length = 0;
  answer = script;
  const text = await postJson(url, { body: { secret: 'canary' }, timeoutMs: 300 }).catch((error: Error) => `failed: ${error.message}`);
  return { tries: seen.length, text };
}

it.each<[string, typeof answer, number, string]>([
  ['takes it', (response) => response.end('fine'), 1, 'fine'],
  ['refuses', (response) => response.writeHead(401).end('who?'), 1, 'failed: not taken: 401 who?'],
  ['fails once', (response, count) => response.writeHead(count === 1 ? 503 : 200).end('done'), 2, 'done'],
  ['asks to wait', (response, count) => response.writeHead(count === 1 ? 429 : 200).end('done'), 2, 'done'],
  ['goes on failing', (response) => response.writeHead(500).end(), 2, 'failed: not taken: 500'],
  ['hangs', () => undefined, 2, 'failed: not taken: TimeoutError'],
  ['sends elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 2, 'failed: not taken: TypeError'],
])('where the other side %s, it says what came of it', async (_what, script, tries, text) => {
  expect(await post(script)).toEqual({ tries, text });
});

it('is over, and not tried again, when nobody waits any more', async () => {
  seen.length = 0;
  const controller = new AbortController();
  answer = () => controller.abort();
  await expect(postJson(url, { body: {}, timeoutMs: 60_000, signal: controller.signal })).rejects.toThrow('not taken: AbortError');
  expect(seen).toHaveLength(1);
});
