import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway, type GatewayOptions } from '@sluice/core';
import { provider } from '@sluice/provider-demo';
import { redisStore } from '@sluice/store-redis';
import { sqlLedger } from '@sluice/store-sql';
import { hasRedis, startRedis } from '@sluice/testing/servers';
import { afterAll, expect, test } from 'vitest';

const KEY = 'sk-a-key-of-the-team-for-tests';
const folder = mkdtempSync(join(tmpdir(), 'sluice-rebuilt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten output tokens make a cent; the key has fifty cents, and all keys together thirty in any day. */
function gatewayWith(name: string, options: Partial<GatewayOptions>): Gateway {
  const dir = join(folder, name);
  return createGateway({
    providers: provider.providers,
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'demo', model: 'demo', price: { input: 0, output: 1_000_000_000_000 } }] }],
    keys: [{ id: 'k', key: KEY, budgetNanoUsd: 500_000_000 }],
    allowance: { gateway: { budgetNanoUsd: 300_000_000, budgetWindow: { length: '1d', alignment: 'rolling' } } },
    ledger: sqlLedger({ url: join(dir, 'ledger.db'), journalDir: join(dir, 'journal') }),
    ...options,
  });
}

/** How many of `count` calls, one after the other, are answered; the rest have to be refused for the budget. */
async function answered(gateway: Gateway, count: number): Promise<number> {
  const body = JSON.stringify({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] });
  let ok = 0;
  for (let call = 0; call < count; call += 1) {
    const { status } = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body });
    if (status === 200) ok += 1;
    else expect(status).toBe(402);
  }
  return ok;
}

test('P36: a gateway that keeps its counters in memory goes on after a restart where it was', async () => {
  const first = gatewayWith('restart', {});
  expect(await answered(first, 20)).toBe(20);
  await first.close();
  const second = gatewayWith('restart', {});
  expect(await answered(second, 30)).toBe(10);
  await second.close();
  const third = gatewayWith('restart', { allowance: {} });
  expect(await answered(third, 40)).toBe(20);
  await third.close();
});

test('P36: a Redis that was killed and is empty is told what was spent', { timeout: 60_000 }, async (ctx) => {
  if (!hasRedis()) return ctx.skip('redis-server is not installed');
  const redis = await startRedis();
  const gateway = gatewayWith('redis', { allowance: {}, store: redisStore({ url: redis.url, timeoutMs: 500, onEvent: () => undefined }) });
  expect(await answered(gateway, 30)).toBe(30);
  await redis.stop();
  const again = await startRedis({ port: Number(new URL(redis.url).port) });
  await expect.poll(() => answered(gateway, 1).catch(() => 0), { timeout: 10_000, interval: 200 }).toBe(1);
  expect(await answered(gateway, 30)).toBe(19);
  await gateway.close();
  await again.stop();
});
