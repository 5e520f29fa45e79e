import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Context, defineHook, defineProvider, GatewayError, type GatewayOptions } from '@sluice/core';
import express, { type Request } from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import './augment.ts';
import { callOf, gateway } from './index.ts';

const provider = defineProvider({
  name: 'none',
  operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new GatewayError('upstream_error', '') } },
});
const options: GatewayOptions<Request> = {
  providers: [provider],
  models: ['small', 'large'].map((name) => ({ name, deployments: [{ id: name, provider: 'none', model: name, baseUrl: 'http://127.0.0.1:1' }] })),
};
const open = { ...options, auth: false } as const;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function modelsAt(url: string, headers: Record<string, string> = {}): Promise<readonly string[] | string> {
  const answer = (await (await fetch(`${url}/v1/models`, { headers })).json()) as { data?: { id: string }[]; error?: { code: string } };
  return answer.data?.map(({ id }) => id) ?? answer.error?.code ?? 'neither';
}

describe('the gateway in Express', () => {
  test('asks the app whom a request is made for, with what the app has put on it', async () => {
    type SessionRequest = Request & { session?: { userId: string; models: string[] } };
    const app = express();
    app.use((req: SessionRequest, _res, next) => {
      if (req.get('cookie') === 'id=1') req.session = { userId: 'ada', models: ['small'] };
      next();
    });
    app.use(
      '/ai',
      gateway<SessionRequest>({
        ...(options as GatewayOptions<SessionRequest>),
        identify: ({ session }) => session && { keyId: session.userId, models: session.models },
      }),
    );
    const url = await serve(app);
    expect(await modelsAt(`${url}/ai`, { cookie: 'id=1' })).toEqual(['small']);
    expect(await modelsAt(`${url}/ai`)).toBe('missing_credentials');
  });

  test('mounts policies over the same gateway, each with its own demands', async () => {
    const ai = gateway(open);
    const app = express();
    app.use('/guests', ai.policy({ models: ['small'] }));
    app.use('/staff', ai);
    const url = await serve(app);
    expect(await modelsAt(`${url}/guests`)).toEqual(['small']);
    expect(await modelsAt(`${url}/staff`)).toEqual(['small', 'large']);
    expect(() => ai.policy({ models: ['smal'] })).toThrow("Did you mean 'small'?");
  });

  test('mounts strict policies beside a mount that is not', async () => {
    const ai = gateway(open);
    const app = express()
      .use('/strict', ai.policy({}, { strict: true }))
      .use('/ai', ai);
    const url = await serve(app.use((_req, res) => void res.status(404).json({ error: { code: 'of the app' } })));
    expect(await (await fetch(`${url}/strict/nothing`)).json()).toMatchObject({ error: { code: 'route_not_found' } });
    expect(await (await fetch(`${url}/ai/nothing`)).json()).toEqual({ error: { code: 'of the app' } });
  });

  test('shares nothing with another gateway in the same app', async () => {
    const app = express();
    app.use('/one', gateway({ ...options, masterKey: 'sk-master-key-of-one' }));
    app.use('/two', gateway({ ...options, masterKey: 'sk-master-key-of-two' }));
    const url = await serve(app);
    const headers = { authorization: 'Bearer sk-master-key-of-one' };
    expect(await modelsAt(`${url}/one`, headers)).toEqual(['small', 'large']);
    expect(await modelsAt(`${url}/two`, headers)).toBe('invalid_credentials');
  });

  test('stands in front of the app, which gets what is not its own', async () => {
    const app = express().use((_req, res) => void res.send('app'));
    const url = await serve(gateway(open).handler(app, { path: '/ai', policy: { models: ['large'] } }));
    expect(await modelsAt(`${url}/ai`)).toEqual(['large']);
    expect(await (await fetch(`${url}/ai/nothing`)).text()).toBe('app');
    expect(await (await fetch(`${url}/`)).text()).toBe('app');
  });

  test('does not ask the app in front of the app: there it has to be told how', async () => {
    const ai = gateway({ ...options, identify: (req) => (req.get('x-user') === undefined ? undefined : { keyId: 'user' }) });
    expect(() => ai.handler(express(), { path: '/ai' })).toThrow('handler.identify: has to be given');
    expect(() => ai.attach(createServer(), { path: '/ai' })).toThrow('attach.identify: has to be given');
    const url = await serve(ai.handler(express(), { path: '/ai', identify: (req) => (req.headers['x-user'] === 'ada' ? { keyId: 'ada' } : undefined) }));
    expect(await modelsAt(`${url}/ai`, { 'x-user': 'ada' })).toEqual(['small', 'large']);
    expect(await modelsAt(`${url}/ai`, { 'x-user': 'eve' })).toBe('missing_credentials');
  });

  test('answers a defect in front of the app by itself, and reports it', async () => {
    const errors: unknown[] = [];
    const ai = gateway({ ...options, masterKey: 'sk-master-key-of-this', onError: (error) => errors.push(error) });
    const url = await serve(
      ai.handler(express(), {
        identify: () => {
          throw new Error('the database is gone');
        },
      }),
    );
    expect(await modelsAt(url)).toBe('internal');
    expect(errors).toMatchObject([{ message: 'the database is gone' }]);
  });

  test('tells the app which call a request has become', async () => {
    const seen: (Context | undefined)[] = [];
    const hook = defineHook({ name: 'seen', phase: 'logger', handle: (_ctx, next) => next() });
    const app = express();
    app.use((req, res, next) => {
      res.on('finish', () => seen.push(callOf(req), req.ai));
      next();
    });
    app.use('/ai', gateway({ ...open, hooks: [hook] }));
    const url = await serve(app);
    const id = (await fetch(`${url}/ai/v1/models`)).headers.get('x-sluice-call-id');
    expect(seen.map((ctx) => ctx?.id)).toEqual([id, id]);
  });

  test('is a function that Express does not take for an app, and a gateway as well', () => {
    const ai = gateway(open);
    expect(ai).toHaveLength(3);
    expect('set' in ai).toBe(false);
    expect(ai.models.names).toEqual(['small', 'large']);
    expect(ai.harden(createServer())).toMatchObject({ headersTimeout: 20_000, timeout: 0 });
  });
});
