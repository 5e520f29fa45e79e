import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineProvider, GatewayError, type GatewayOptions } from '@sluice/core';
import Koa from 'koa';
import { afterEach, describe, expect, test } from 'vitest';
import { callOf, gateway } from './index.ts';

const provider = defineProvider({
  name: 'none',
  operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new GatewayError('upstream_error', '') } },
});
const options: GatewayOptions<never> = {
  providers: [provider],
  models: ['small', 'large'].map((name) => ({ name, deployments: [{ id: name, provider: 'none', model: name, baseUrl: 'http://127.0.0.1:1' }] })),
};
const open = { ...(options as GatewayOptions), auth: false } as const;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(app: Koa | RequestListener): Promise<string> {
  const server = createServer(app instanceof Koa ? app.callback() : app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function modelsAt(url: string, headers: Record<string, string> = {}): Promise<readonly string[] | string> {
  const answer = (await (await fetch(`${url}/v1/models`, { headers })).json()) as { data?: { id: string }[]; error?: { code: string } };
  return answer.data?.map(({ id }) => id) ?? answer.error?.code ?? 'neither';
}

describe('the gateway in Koa', () => {
  test('asks the app whom a request is made for, with the state the app has typed', async () => {
    type State = { user?: { name: string; models: string[] } };
    const app = new Koa<State>();
    app.use((ctx, next) => {
      if (ctx.get('cookie') === 'id=1') ctx.state.user = { name: 'ada', models: ['small'] };
      return next();
    });
    app.use(gateway<State>({ ...options, prefix: '/ai', identify: ({ state: { user } }) => user && { keyId: user.name, models: user.models } }));
    const url = await serve(app);
    expect(await modelsAt(`${url}/ai`, { cookie: 'id=1' })).toEqual(['small']);
    expect(await modelsAt(`${url}/ai`)).toBe('missing_credentials');
  });

  test('mounts policies over the same gateway, each at its own prefix', async () => {
    const ai = gateway({ ...open, prefix: '/staff' });
    const app = new Koa().use(ai.policy({ models: ['small'] }, { prefix: '/guests' })).use(ai);
    const url = await serve(app);
    expect(await modelsAt(`${url}/guests`)).toEqual(['small']);
    expect(await modelsAt(`${url}/staff`)).toEqual(['small', 'large']);
  });

  test('stands in front of the app, which gets what is not its own', async () => {
    const app = new Koa().use((ctx) => {
      ctx.body = 'app';
    });
    const url = await serve(gateway(open).handler(app, { path: '/ai' }));
    expect(await modelsAt(`${url}/ai`)).toEqual(['small', 'large']);
    expect(await (await fetch(`${url}/ai/nothing`)).text()).toBe('app');
  });

  test('lets outer middleware see how the call went, and when it was over', async () => {
    const seen: unknown[] = [];
    const app = new Koa();
    app.use(async (ctx, next) => {
      await next();
      seen.push(ctx.status, ctx.res.writableEnded, callOf(ctx)?.id);
    });
    app.use(gateway({ ...open, prefix: '/ai' }));
    const url = await serve(app);
    const id = (await fetch(`${url}/ai/v1/models`)).headers.get('x-sluice-call-id');
    expect(seen).toEqual([200, true, id]);
  });

  test('throws refusals where the app answers them, which Koa can then still do', async () => {
    const app = new Koa();
    app.use(async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        ctx.status = GatewayError.is(error) ? error.status : 500;
        ctx.body = { mine: GatewayError.is(error) && error.code };
      }
    });
    app.use(gateway({ ...(options as GatewayOptions), masterKey: 'sk-master-key-of-this', errors: 'next', prefix: '/ai' }));
    const answer = await fetch(`${await serve(app)}/ai/v1/models`);
    expect([answer.status, await answer.json()]).toEqual([401, { mine: 'missing_credentials' }]);
  });

  test('passes on errors of the app that only look like a caller who leaves', async () => {
    const errors: unknown[] = [];
    const app = new Koa();
    app.on('error', (error) => errors.push(error));
    app.use(async (_ctx, next) => {
      await next();
      throw Object.assign(new Error('the database is gone'), { code: 'ECONNRESET' });
    });
    app.use(gateway({ ...open, prefix: '/ai' }));
    await modelsAt(`${await serve(app)}/ai`);
    expect(errors).toMatchObject([{ message: 'the database is gone' }]);
  });

  test('refuses a prefix that is a pattern, at start-up', () => {
    expect(() => gateway({ ...open, prefix: '/ai/(.*)' })).toThrow("prefix: has to be a fixed path that begins with a slash, such as '/ai'");
  });
});
