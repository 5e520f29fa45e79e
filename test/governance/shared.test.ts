import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway, issueKey } from '@sluice/core';
import { provider } from '@sluice/provider-demo';
import { redisStore } from '@sluice/store-redis';
import { sqlDirectoryStore, type SqlLedger, sqlLedger } from '@sluice/store-sql';
import { hasPostgres, hasRedis, type PostgresServer, type RedisServer, startPostgres, startRedis } from '@sluice/testing/servers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const SALT = 'a salt that is long enough';
const CENT = 10_000_000;
const isPossible = hasRedis() && hasPostgres();
const folder = mkdtempSync(join(tmpdir(), 'sluice-shared-'));
let redis: RedisServer | undefined;
let postgres: PostgresServer | undefined;

beforeAll(async () => {
  if (isPossible) [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
});
afterAll(async () => {
  await Promise.all([redis?.stop(), postgres?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** One of several processes: Redis for what is counted, PostgreSQL for who there is and what was spent. */
function instance(name: string, url: string): { readonly gateway: Gateway; readonly ledger: SqlLedger } {
  const ledger = sqlLedger({ url, journalDir: join(folder, name) });
  const gateway = createGateway({
    providers: provider.providers,
    // Ten output tokens make a cent; input is free.
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'demo', model: 'demo', price: { input: 0, output: 1_000_000_000_000 } }] }],
    saltKey: SALT,
    store: redisStore({ url: redis?.url ?? '', timeoutMs: 5000 }),
    directory: sqlDirectoryStore({ url }),
    ledger,
  });
  return { gateway, ledger };
}

test('P02, P12: over two gateways a budget holds to the cent, and the ledger tells the same', async (ctx) => {
  if (!isPossible) return ctx.skip('redis-server and PostgreSQL are not installed');
  const url = (postgres as PostgresServer).createDatabase('shared');
  const directory = sqlDirectoryStore({ url });
  const { key, stored } = issueKey(SALT);
  const [one, other] = [instance('one', url), instance('other', url)];
  await directory.write(
    [
      { kind: 'team', id: 'finance', from: 0, body: { max_budget: 1, budget_duration: '1d' } },
      { kind: 'key', id: 'reports', from: 0, body: { ...stored, team_id: 'finance' } },
    ],
    [],
  );

  const body = JSON.stringify({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
  const ask = ({ gateway }: typeof one) =>
    gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
  const answers = await Promise.all(Array.from({ length: 600 }, (_, index) => ask(index % 2 === 0 ? one : other)));
  const admitted = answers.filter(({ status }) => status === 200);
  expect(admitted).toHaveLength(100);
  expect(answers.filter(({ status }) => status === 402)).toHaveLength(500);
  await Promise.all([one.gateway.idle(), other.gateway.idle()]);
  await Promise.all([one.ledger.flush(), other.ledger.flush()]);

  const [team] = await one.ledger.reports.spendBy({ from: Date.now() - 86_400_000, to: Date.now() + 1, by: ['team'] });
  expect(team).toMatchObject({ team: 'finance', calls: 600, failures: 500, costNanoUsd: 100 * CENT });
  expect(await other.ledger.spentSince({ kind: 'key', id: 'reports' }, Date.now() - 3_600_000)).toBe(100 * CENT);
  await Promise.all([one.gateway.close(), other.gateway.close(), directory.close?.()]);
}, 60_000);
