import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, secret } from '@sluice/core';
import { afterEach, expect, test } from 'vitest';
import { replicate } from './replicate.ts';

// A server of the test's own, which makes predictions and remembers what it was asked.
let server: Server;
let gateway: Gateway;
let asked: string[];
let closed: () => void;

async function start(answer: (req: IncomingMessage, res: ServerResponse, url: string) => void): Promise<void> {
  asked = [];
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}${req.headers.authorization === undefined ? '' : ' with the key'}`);
    req.resume().on('end', () => answer(req, res, `http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  gateway = createGateway({
    auth: false,
    providers: [replicate({ env: {} })],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'replicate', model: 'meta/llama', baseUrl, apiKey: secret('k') }] }],
    router: { retries: 0 },
  });
}

afterEach(async () => {
  await gateway.close();
  server.closeAllConnections();
  server.close();
});

const json = (res: ServerResponse, body: object, status = 200): unknown =>
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const post = (body: object, signal?: AbortSignal): Promise<Response> =>
  gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...body }),
    ...(signal && { signal }),
  });

test('a prediction is asked for until it is over', async () => {
  let questions = 0;
  await start((req, res) => {
    if (req.method === 'POST') return json(res, { id: 'p1', status: 'starting' }, 201);
    questions += 1;
    return json(res, questions < 2 ? { id: 'p1', status: 'processing', output: ['Hi'] } : { id: 'p1', status: 'succeeded', output: ['Hi', ' there'] });
  });
  const { choices } = (await (await post({})).json()) as { choices: { message: { content: string } }[] };
  expect(choices[0]?.message.content).toBe('Hi there');
  expect(asked).toEqual(['POST /v1/models/meta/llama/predictions with the key', ...Array<string>(2).fill('GET /v1/predictions/p1 with the key')]);
});

test('whoever leaves in the midst of it cancels it', async () => {
  const leaving = new AbortController();
  await start((req, res) => {
    if (req.url?.endsWith('/cancel')) return json(res, { id: 'p1', status: 'canceled' });
    if (req.method === 'GET') leaving.abort();
    return json(res, { id: 'p1', status: 'starting' }, 201);
  });
  await post({}, leaving.signal).catch(() => undefined);
  await gateway.idle();
  expect(asked.at(-1)).toBe('POST /v1/predictions/p1/cancel with the key');
});

test('a stream is listened to without the key, and left and canceled with its caller', async () => {
  const hasClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  await start((req, res, url) => {
    if (req.url?.endsWith('/cancel')) return json(res, { id: 'p1', status: 'canceled' });
    if (req.method === 'POST') return json(res, { id: 'p1', status: 'starting', urls: { stream: `${url}/stream/abc` } }, 201);
    res.on('close', closed);
    return res.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: output\ndata: Hi\n\n');
  });
  const leaving = new AbortController();
  const reader = (await post({ stream: true }, leaving.signal)).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"content":"Hi"');
  leaving.abort();
  await reader?.cancel().catch(() => undefined);
  await hasClosed;
  await gateway.idle();
  expect(asked).toEqual(['POST /v1/models/meta/llama/predictions with the key', 'GET /stream/abc', 'POST /v1/predictions/p1/cancel with the key']);
});

test('a stream that leads elsewhere is not followed', async () => {
  await start((_, res) => json(res, { id: 'p1', status: 'starting', urls: { stream: 'https://elsewhere.example/abc' } }, 201));
  const response = await post({ stream: true });
  expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('not its own') as string]);
});
