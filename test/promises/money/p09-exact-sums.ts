import { costOf, memoryStore, type Store, toNanoUsd } from '@sluice/core';
import { redisStore } from '@sluice/store-redis';
import { sqlLedger } from '@sluice/store-sql';
import { callRecord } from '@sluice/testing';
import { hasPostgres, hasRedis, startPostgres, startRedis } from '@sluice/testing/servers';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exactly } from '../frame/check.ts';
import type { Evidence, Proof } from '../frame/proof.ts';

/** A dollar and a half for a million tokens. */
const PRICE = { input: toNanoUsd('1.5'), output: 0 };
const TOGETHER = 1_000;

export const proof: Proof = {
  id: 'P09',
  promise: 'Money is exact',
  lacks: () => (hasRedis() && hasPostgres() ? undefined : 'redis-server and PostgreSQL are not installed'),
  async prove(run) {
    const [calls, rows] = [run.scaled(1_000_000, 10_000), run.scaled(20_000, 500)];
    const redis = await startRedis();
    const shared = redisStore({ url: redis.url, timeoutMs: 10_000 });
    try {
      return [await summed('memory', memoryStore(), calls), await summed('Redis', shared, calls), await inDatabase(rows)];
    } finally {
      await shared.close?.();
      await redis.stop();
    }
  },
};

async function summed(name: string, store: Store, calls: number): Promise<Evidence> {
  for (let index = 0; index < calls; index += TOGETHER) {
    await store.adjust(Array.from({ length: TOGETHER }, () => ({ key: 'spend:key:k', by: costOf({ inputTokens: 1, outputTokens: 0 }, PRICE) })));
  }
  return { test: `calls of $0.0000015, counted in ${name}`, n: calls, checks: [sumOf(await store.total('spend:key:k'), calls)] };
}

async function inDatabase(calls: number): Promise<Evidence> {
  const postgres = await startPostgres();
  const journalDir = mkdtempSync(join(tmpdir(), 'sluice-sums-'));
  const ledger = sqlLedger({ url: postgres.url, journalDir });
  try {
    const startedAt = new Date().toISOString();
    const costNanoUsd = costOf({ inputTokens: 1, outputTokens: 0 }, PRICE);
    await Promise.all(Array.from({ length: calls }, (_, index) => ledger.append(callRecord(`c${index}`, { startedAt, keyId: 'k', costNanoUsd }))));
    await ledger.flush();
    const [row] = await ledger.reports.spendBy({ from: 0, to: Date.now() + 1, by: ['key'], where: { key: ['k'] } });
    return { test: 'calls of $0.0000015, summed up in PostgreSQL', n: calls, checks: [sumOf(row?.costNanoUsd ?? 0, calls)] };
  } finally {
    await ledger.close();
    await postgres.stop();
    rmSync(journalDir, { recursive: true, force: true });
  }
}

function sumOf(nanoUsd: number, calls: number) {
  return exactly('sum', nanoUsd, 1_500 * calls, { unit: 'nano-dollars' });
}
