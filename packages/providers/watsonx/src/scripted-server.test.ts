import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, secret } from '@sluice/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watsonx } from './watsonx.ts';

// A server of the test's own, which exchanges keys and chats with who bears its token.
let server: Server;
let gateway: Gateway;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((req, res) => {
    asked.push(`${req.url} ${req.headers.authorization ?? ''}`.trim());
    const answer = (status: number, body: object): unknown => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (req.url === '/identity/token') return answer(200, { access_token: 'bearer-of-ibm', expires_in: 3600 });
    if (req.headers.authorization !== 'Bearer bearer-of-ibm') return answer(401, { errors: [{ code: 'authentication_token_not_valid', message: 'No' }] });
    const head = { id: 'c1', model_id: 'ibm/granite', created: 1 };
    if (!req.url?.startsWith('/ml/v1/text/chat_stream'))
      return answer(200, {
        ...head,
        choices: [{ index: 0, message: { role: 'assistant', content: 'Grüezi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      });
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(`id: 1\nevent: message\ndata: ${JSON.stringify({ ...head, choices: [{ index: 0, delta: { content: 'Grüezi' }, finish_reason: null }] })}\n\n`);
    return req.socket.on('close', () => asked.push('closed'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = createGateway({
    auth: false,
    providers: [watsonx({ env: {}, iamUrl: `${baseUrl}/identity/token`, version: '2025-01-01' })],
    models: [
      { name: 'm', deployments: [{ id: 'd', provider: 'watsonx', model: 'ibm/granite', baseUrl, apiKey: secret('ibm-key'), options: { project_id: 'p' } }] },
    ],
  });
});

afterEach(async () => {
  await gateway.close();
  server.closeAllConnections();
  server.close();
});

const post = (body: object, signal?: AbortSignal): Promise<Response> =>
  gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...body }),
    ...(signal && { signal }),
  });

test('calls bear the token that the key was exchanged for, once', async () => {
  for (const _ of [1, 2]) expect(await (await post({})).json()).toMatchObject({ choices: [{ message: { content: 'Grüezi' } }], usage: { prompt_tokens: 3 } });
  const call = '/ml/v1/text/chat?version=2025-01-01 Bearer bearer-of-ibm';
  expect(asked).toEqual(['/identity/token', call, call]);
});

test('who leaves a stream closes it upstream', async () => {
  const leaving = new AbortController();
  const reader = (await post({ stream: true }, leaving.signal)).body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('Grüezi');
  leaving.abort();
  await reader?.cancel().catch(() => undefined);
  await expect.poll(() => asked.at(-1)).toBe('closed');
});
