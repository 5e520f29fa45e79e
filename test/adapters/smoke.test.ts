import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineProvider, GatewayError } from '@sluice/core';
import { gateway as expressGateway } from '@sluice/express-adapter';
import { gateway as koaGateway } from '@sluice/koa-adapter';
import express from 'express';
import Koa from 'koa';
import mount from 'koa-mount';
import { test, expect } from 'vitest';
async function listen(l: RequestListener): Promise<{ url: string; s: Server }> {
  const s = createServer(l);
  await new Promise<void>((r) => s.listen(0, '127.0.0.1', r));
  return { s, url: `http://127.0.0.1:${(s.address() as AddressInfo).port}` };
}
test('smoke', async () => {
  const up = await listen((req, res) => {
    req.resume();
    if (req.url === '/sse') { res.writeHead(200, { 'content-type': 'text/event-stream' }); res.write('data: {"id":"a","choices":[]}\n\n'); res.end('data: [DONE]\n\n'); }
    else res.end('{"id":"x","choices":[]}');
  });
  const p = defineProvider({ name: 't', operations: { chat: { toRequest: (c) => ({ url: `${up.url}/${c.request.stream ? 'sse' : 'json'}`, headers: {}, body: c.received ?? JSON.stringify(c.request) }), toError: () => new GatewayError('upstream_error', 'x') } } });
  const options = { providers: [p], models: [{ name: 'm', deployments: [{ id: 'd', provider: 't', model: 'm', baseUrl: up.url }] }], auth: false as const };
  const ea = express(); ea.use('/ai', expressGateway(options));
  const ka = new Koa(); ka.use(mount('/ai', koaGateway(options)));
  const kp = new Koa(); kp.use(koaGateway({ ...options, prefix: '/ai' }));
  for (const l of [ea as RequestListener, ka.callback(), kp.callback(), expressGateway(options).handler(ea, { path: '/ai' })]) {
    const { s, url } = await listen(l);
    const body = (stream: boolean) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'x' }] }) });
    const r = await fetch(`${url}/ai/v1/chat/completions`, body(false));
    const r2 = await fetch(`${url}/ai/v1/chat/completions`, body(true));
    expect(await r2.text()).toContain('[DONE]');
    expect((await fetch(`${url}/aix/v1/models`)).status).toBe(404);
    s.closeAllConnections(); s.close();
  }
  up.s.closeAllConnections(); up.s.close();
});
