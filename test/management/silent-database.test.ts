import { createGateway, type Gateway } from '@sluice/core';
import { sqlDirectoryStore } from '@sluice/store-sql';
import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signalTree } from '../promises/support/signal-tree.ts';

const MASTER = 'sk-master-of-the-gateway';
let postgres: PostgresServer;
let gateway: Gateway;

beforeAll(async () => {
  if (!hasPostgres()) return;
  postgres = await startPostgres();
  gateway = createGateway({
    masterKey: MASTER,
    saltKey: 'a salt that is long enough',
    directory: sqlDirectoryStore({ url: postgres.createDatabase('silent') }),
    models: [],
  });
}, 60_000);

afterAll(async () => {
  await gateway?.close();
  await postgres?.stop();
});

async function generate(alias: string): Promise<{ readonly status: number; readonly text: string; readonly tookMs: number }> {
  const startedAt = performance.now();
  const headers = { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' };
  const answer = await gateway.fetch('http://sluice/key/generate', { method: 'POST', headers, body: JSON.stringify({ key_alias: alias }) });
  return { status: answer.status, text: await answer.text(), tookMs: performance.now() - startedAt };
}

test('a change over a PostgreSQL that hangs is answered with 503 in time, and changes go on when it does', { timeout: 90_000 }, async (ctx) => {
  if (!hasPostgres()) return ctx.skip('PostgreSQL is not installed');
  expect(await generate('before')).toMatchObject({ status: 200 });
  const pid = postgres.process.pid ?? 0;
  signalTree(pid, 'SIGSTOP');
  try {
    const refused = await Promise.all(['one', 'two', 'three'].map(generate));
    for (const { status, text, tookMs } of refused) {
      expect({ status, text }).toMatchObject({ status: 503, text: expect.stringContaining('"code":"store_unavailable"') });
      // Two waits of five seconds at the very most, and what a busy machine adds.
      expect(tookMs).toBeLessThan(20_000);
    }
  } finally {
    signalTree(pid, 'SIGCONT');
  }
  expect(await generate('after')).toMatchObject({ status: 200 });
});
