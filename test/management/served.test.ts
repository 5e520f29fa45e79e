import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirectoryStore, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient } from '@sluice/core/admin';
import { gateway as expressGateway } from '@sluice/express-adapter';
import { gateway as koaGateway } from '@sluice/koa-adapter';
import { provider } from '@sluice/provider-demo';
import { sqlDirectoryStore } from '@sluice/store-sql';
import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import express from 'express';
import Koa from 'koa';
import mount from 'koa-mount';
import { afterAll, afterEach, beforeAll, describe, expect, test, type TestContext } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const folder = mkdtempSync(join(tmpdir(), 'sluice-management-'));
let postgres: PostgresServer | undefined;
let databases = 0;

beforeAll(async () => {
  if (hasPostgres()) postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Served = { readonly admin: AdminClient; as(apiKey: string): AdminClient; chat(apiKey: string): Promise<number> };

const FACES: Readonly<Record<string, (options: object) => { readonly server: Server; close(): Promise<void> }>> = {
  Express(options) {
    const ai = expressGateway(options);
    return { server: createServer(express().use('/ai', ai)), close: () => ai.close() };
  },
  // A parser that ran before, as many apps have one for everything.
  'Express behind express.json()'(options) {
    const ai = expressGateway(options);
    return { server: createServer(express().use(express.json()).use('/ai', ai)), close: () => ai.close() };
  },
  Koa(options) {
    const ai = koaGateway(options);
    const app = new Koa().use(mount('/ai', ai));
    return { server: createServer(app.callback()), close: () => ai.close() };
  },
};

/** A new one each time, and how to open the same once more. */
const STORES: Readonly<Record<string, (ctx: TestContext) => () => DirectoryStore>> = {
  memory: () => () => memoryDirectoryStore(),
  libsql: () => {
    const url = join(folder, `${(databases += 1)}.db`);
    return () => sqlDirectoryStore({ url });
  },
  PostgreSQL: (ctx) => {
    if (!postgres) return ctx.skip('PostgreSQL is not installed');
    const url = postgres.createDatabase(`management_${(databases += 1)}`);
    return () => sqlDirectoryStore({ url });
  },
};

async function serve(face: string, directory: DirectoryStore): Promise<Served> {
  const { server, close } = (FACES[face] as (typeof FACES)[string])({
    masterKey: MASTER,
    providers: provider.providers,
    models: [{ name: 'demo', deployments: [{ id: 'd', provider: 'demo', model: 'demo', price: { input: 0, output: 0 } }] }],
    directory,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(close, () => server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ai`;
  const as = (apiKey: string): AdminClient => adminClient({ baseUrl, apiKey });
  return {
    admin: as(MASTER),
    as,
    async chat(apiKey) {
      const response = await fetch(`${baseUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'hi' }] }),
      });
      await response.text();
      return response.status;
    },
  };
}

describe.each(Object.keys(FACES))('through %s', (face) => {
  test.for(Object.keys(STORES))('a team is set up, works, and is taken down, on %s', async (store, ctx) => {
    const { admin, as, chat } = await serve(face, (STORES[store] as (typeof STORES)[string])(ctx)());
    await admin.budget.new({ budget_id: 'small', max_budget: 5, budget_duration: '1mo' });
    await admin.organization.new({ organization_id: 'acme', max_budget: 100 });
    await admin.team.new({
      team_id: 'core',
      organization_id: 'acme',
      models: ['demo'],
      budget_id: 'small',
      members_with_roles: [{ user_id: 'ada', role: 'admin' }],
    });
    const { key: adas } = await admin.user.new({ user_id: 'bea', teams: ['core'] });
    await admin.team.member_update({ team_id: 'core', user_id: 'bea', role: 'admin', max_budget_in_team: 1 });

    const bea = as(adas ?? '');
    const { key, token } = await bea.key.generate({ team_id: 'core', key_alias: 'ci', duration: '1d' });
    expect(await chat(key)).toBe(200);
    expect((await bea.key.list({ team_id: 'core' })).keys).toEqual([token]);
    const renewed = await bea.key.regenerate({ key: token, grace_period: '1h' });
    expect([await chat(key), await chat(renewed.key)]).toEqual([200, 200]);
    await bea.key.block({ key: token });
    expect(await chat(renewed.key)).toBe(403);
    await bea.key.unblock({ key: token });
    expect(await chat(renewed.key)).toBe(200);
    await expect(bea.team.delete({ team_ids: ['core'] })).rejects.toMatchObject({ status: 403, code: 'not_permitted' });
    await admin.team.delete({ team_ids: ['core'] });
    expect([await chat(renewed.key), await chat(key)]).toEqual([401, 401]);

    const { audit_logs: trail } = await admin.audit.list({ page_size: 100 });
    expect(trail.filter(({ object_id: id }) => id === token).map(({ action, changed_by: by }) => `${action} by ${by}`)).toEqual([
      'deleted by master',
      'unblocked by bea',
      'blocked by bea',
      'rotated by bea',
      'created by bea',
    ]);
  });
});

const PAYLOADS = [
  "'; DROP TABLE objects; --",
  "' OR '1'='1",
  '" OR ""="',
  "x' UNION SELECT entry FROM audit --",
  "\\'; SELECT pg_sleep(5); --",
  '$1',
  '%',
  '_',
  '?',
  '--',
  '/* */',
  '😀 漢 é',
];

test.for(['libsql', 'PostgreSQL'])('P53: what looks like SQL is a name like others, on %s', async (store, ctx) => {
  const open = (STORES[store] as (typeof STORES)[string])(ctx);
  const { admin } = await serve('Express', open());
  for (const [index, payload] of PAYLOADS.entries()) {
    await admin.team.new({ team_id: payload, team_alias: payload, metadata: { [payload]: payload } });
    const { team_info: team } = await admin.team.info({ team_id: payload });
    expect(team).toMatchObject({ team_id: payload, team_alias: payload, metadata: { [payload]: payload } });
    expect((await admin.audit.list({ object_id: payload })).total).toBe(1);
    expect((await admin.audit.list({ changed_by_api_key: payload })).total).toBe(0);
    expect((await admin.audit.list({ table_name: payload })).total).toBe(0);
    expect(await admin.team.list({ organization_id: payload })).toEqual([]);
    expect(await admin.team.list()).toHaveLength(index + 1);
  }
  // As another gateway finds it.
  const again = await serve('Koa', open());
  expect((await again.admin.team.list()).map(({ team_id: id }) => id).sort()).toEqual([...PAYLOADS].sort());
  expect((await again.admin.team.delete({ team_ids: PAYLOADS })).deleted_team_ids).toHaveLength(PAYLOADS.length);
  expect(await again.admin.team.list()).toEqual([]);
});

test('P56: of two gateways over one PostgreSQL, what one is told holds for both within a second', async (ctx) => {
  const again = (STORES.PostgreSQL as (typeof STORES)[string])(ctx);
  const [one, other] = [await serve('Express', again()), await serve('Koa', again())];
  const { key, token } = await one.admin.key.generate({ models: ['demo'] });
  // A key that is new everywhere works everywhere, at once.
  expect([await one.chat(key), await other.chat(key)]).toEqual([200, 200]);

  for (const [change, restore, refused] of [
    [() => one.admin.key.block({ key: token }), () => other.admin.key.unblock({ key: token }), 403],
    [() => other.admin.key.update({ key: token, models: ['none'] }), () => one.admin.key.update({ key: token, models: ['demo'] }), 403],
    [() => one.admin.key.delete({ keys: [token] }), undefined, 401],
  ] as const) {
    await change();
    const changedAt = performance.now();
    await expect.poll(async () => [await one.chat(key), await other.chat(key)], { timeout: 2000, interval: 20 }).toEqual([refused, refused]);
    expect(performance.now() - changedAt).toBeLessThan(1000);
    if (!restore) continue;
    await restore();
    await expect.poll(async () => [await one.chat(key), await other.chat(key)], { timeout: 2000, interval: 20 }).toEqual([200, 200]);
  }
  // Later ones are refused as well.
  expect(await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : other).chat(key)))).toEqual(Array.from({ length: 40 }, () => 401));

  // Both write at once, and what one has written the other reads.
  await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).admin.team.new({ team_id: `t${index}` })));
  expect([(await one.admin.team.list()).length, (await other.admin.team.list()).length]).toEqual([20, 20]);
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : other).admin.team.member_add({ team_id: 't0', member: { user_id: `u${index}` } })),
  );
  expect((await one.admin.team.info({ team_id: 't0' })).team_info.members_with_roles).toHaveLength(10);
});
