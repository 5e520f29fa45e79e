import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { litellmModelReader } from '@sluice/config';
import { createGateway, type Gateway, type JsonObject } from '@sluice/core';
import { provider } from '@sluice/provider-demo';
import { redisStore } from '@sluice/store-redis';
import { sqlDirectoryStore } from '@sluice/store-sql';
import { hasPostgres, hasRedis, type PostgresServer, type RedisServer, startPostgres, startRedis } from '@sluice/testing/servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MASTER = 'sk-master-of-the-test-with-models';
const folder = mkdtempSync(join(tmpdir(), 'sluice-models-'));
let redis: RedisServer | undefined;
let postgres: PostgresServer | undefined;

beforeAll(async () => {
  if (hasRedis()) redis = await startRedis();
  if (hasPostgres()) postgres = await startPostgres();
});
afterAll(async () => {
  await Promise.all([redis?.stop(), postgres?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const DATABASES: readonly (readonly [string, () => string | undefined])[] = [
  ['libsql', () => join(folder, 'directory.db')],
  ['PostgreSQL', () => postgres?.createDatabase('models')],
];

/** One of several gateways on a directory: it declares `m`, and names `late`, which only the directory will know. */
function open(url: string, told: unknown[]): Gateway {
  const [one] = provider.providers;
  return createGateway({
    providers: provider.providers,
    masterKey: MASTER,
    models: [{ name: 'm', deployments: [{ id: 'declared', provider: one?.name ?? '', model: 'demo', price: { input: 0, output: 0 } }], fallbacks: ['late'] }],
    aliases: { soon: 'late' },
    directory: sqlDirectoryStore({ url }),
    modelReader: litellmModelReader(),
    onError: (error) => told.push(error),
    ...(redis && { store: redisStore({ url: redis.url, prefix: `models-${Math.random()}`, timeoutMs: 5_000 }) }),
  });
}

async function post(
  gateway: Gateway,
  path: string,
  body: JsonObject,
): Promise<{ readonly status: number; readonly model: string | null; readonly text: string }> {
  const headers = { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' };
  const response = await gateway.fetch(`http://sluice${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, model: response.headers.get('x-sluice-model-id'), text: await response.text() };
}

const ask = (gateway: Gateway, model: string) => post(gateway, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 3 });

/** Calls that never stop coming, at every gateway, until they are to end; what failed of them. */
function load(gateways: readonly Gateway[]): {
  end(): Promise<{ readonly calls: number; readonly failed: readonly string[]; readonly by: ReadonlySet<string | null> }>;
} {
  let isOver = false;
  let calls = 0;
  const failed: string[] = [];
  const by = new Set<string | null>();
  async function caller(gateway: Gateway): Promise<void> {
    while (!isOver && calls < 50_000) {
      const { status, text, model } = await ask(gateway, 'm');
      calls += 1;
      by.add(model);
      if (status !== 200) failed.push(text);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  const callers = gateways.flatMap((gateway) => [caller(gateway), caller(gateway), caller(gateway)]);
  return {
    async end() {
      isOver = true;
      await Promise.all(callers);
      return { calls, failed, by };
    },
  };
}

describe.each(DATABASES)('models kept in %s, over two gateways', (_, urlOf) => {
  it('come, change, are blocked and go under load, and no call is dropped', { timeout: 60_000 }, async (ctx) => {
    const url = urlOf();
    if (url === undefined) return ctx.skip('PostgreSQL is not installed');
    const told: unknown[] = [];
    const gateways = [open(url, told), open(url, told)] as const;
    const [one, other] = gateways;
    const everywhere = (isSo: (gateway: Gateway) => boolean) => expect.poll(() => gateways.every(isSo), { timeout: 10_000, interval: 20 }).toBe(true);
    const deployed = (id: string) => (gateway: Gateway) => gateway.models.resolve('m')?.deployments.find((deployment) => deployment.id === id);
    // Named in the options, and nowhere yet.
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);
    expect(String(told[0])).toMatch(
      /named that neither the options nor the directory has:\n {2}models\.m\.fallbacks: no model is named 'late'.*\n {2}aliases\.soon: /,
    );
    expect((await ask(one, 'soon')).status).toBe(404);

    const load1 = load(gateways);
    const entry = { model_name: 'm', litellm_params: { model: 'demo/demo' }, model_info: { id: 'kept', input_cost_per_token: 0, output_cost_per_token: 0 } };
    expect((await post(one, '/model/new', entry)).status).toBe(200);
    await everywhere((gateway) => deployed('kept')(gateway) !== undefined);
    expect((await post(other, '/model/update', { litellm_params: { weight: 9 }, model_info: { id: 'kept' } })).status).toBe(200);
    await everywhere((gateway) => deployed('kept')(gateway)?.weight === 9);
    expect((await post(one, '/model/block', { id: 'kept' })).status).toBe(200);
    await everywhere((gateway) => deployed('kept')(gateway)?.isBlocked === true);
    expect((await post(other, '/model/unblock', { id: 'kept' })).status).toBe(200);
    await everywhere((gateway) => deployed('kept')(gateway)?.isBlocked !== true);
    expect((await post(other, '/model/delete', { id: 'kept' })).status).toBe(200);
    await everywhere((gateway) => deployed('kept')(gateway) === undefined);
    const { calls, failed, by } = await load1.end();
    expect([failed, calls > 50, [...by].sort()]).toEqual([[], true, ['declared', 'kept']]);

    // A model that only the directory knows, under its own name and under the one that was waiting for it.
    expect((await post(other, '/model/new', { ...entry, model_name: 'late', model_info: { ...entry.model_info, id: 'late-1' } })).status).toBe(200);
    await everywhere((gateway) => gateway.models.resolve('soon') !== undefined);
    for (const gateway of gateways) expect([(await ask(gateway, 'late')).model, (await ask(gateway, 'soon')).model]).toEqual(['late-1', 'late-1']);
    for (const gateway of gateways) gateway.models.block('m');
    for (const gateway of gateways) expect((await ask(gateway, 'm')).model).toBe('late-1');
    await Promise.all(gateways.map((gateway) => gateway.close()));
    expect(told).toHaveLength(2);
  });
});
