import { setTimeout as wait } from 'node:timers/promises';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import type { Store } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, hasRedis, type RedisServer, startRedis } from '@sluice/testing/servers';
import { redisStore } from './redis-store.ts';

const servers: RedisServer[] = [];

beforeEach((ctx) => {
  if (!hasRedis()) ctx.skip('redis-server is not installed');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(options: Parameters<typeof startRedis>[0]): Promise<RedisServer> {
  const server = await startRedis(options);
  servers.push(server);
  return server;
}

/** Runs one command on one server. */
async function tell(url: string, ...command: string[]): Promise<unknown> {
  const client = createClient({ url });
  await client.connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

/** Values that lie on all nodes, and counters that are claimed together. */
async function exercise(store: Store): Promise<void> {
  for (let count = 0; count < 30; count += 1) await store.set(`value ${count}`, String(count), { ttlMs: 60_000 });
  for (let count = 0; count < 30; count += 1) expect(await store.get(`value ${count}`)).toBe(String(count));
  const claims = [
    { key: 'requests', amount: 1, limit: 3, windowMs: 60_000 },
    { key: 'budget', amount: 10, limit: 30, isHeld: true as const },
    { key: 'another', amount: 1, limit: 100 },
  ];
  const taken = await Promise.all(Array.from({ length: 10 }, async () => store.reserve(claims)));
  expect(taken.filter(({ ok }) => ok)).toHaveLength(3);
  await store.adjust(
    [{ key: 'budget', by: 5 }],
    taken.flatMap((one) => (one.ok && one.hold ? [one.hold] : [])),
  );
  expect([await store.total('requests', 60_000), await store.total('budget'), await store.total('another')]).toEqual([3, 5, 3]);
}

describe('wherever Redis runs', () => {
  test('a cluster of three nodes keeps what belongs together on one of them', async () => {
    const nodes = [];
    for (let count = 0; count < 3; count += 1)
      nodes.push(await start({ port: await freePort(), args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'] }));
    const ports = nodes.map(({ url }) => new URL(url).port);
    for (const [index, { url }] of nodes.entries()) {
      await tell(url, 'CLUSTER', 'ADDSLOTSRANGE', String(index * 5500), String(index === 2 ? 16_383 : index * 5500 + 5499));
      if (index > 0) await tell(url, 'CLUSTER', 'MEET', '127.0.0.1', ports[0] as string);
    }
    for (const { url } of nodes)
      await expect.poll(async () => String(await tell(url, 'CLUSTER', 'INFO')), { timeout: 15_000, interval: 200 }).toContain('cluster_state:ok');

    const store = redisStore({ cluster: [(nodes[0] as RedisServer).url], timeoutMs: 3000 });
    await exercise(store);
    await store.close?.();
  }, 40_000);

  test('the master that sentinels name, and the one they name when it has died', async () => {
    const master = await start({ port: await freePort() });
    const replica = await start({ port: await freePort(), args: ['--replicaof', '127.0.0.1', new URL(master.url).port] });
    const dir = mkdtempSync(join(tmpdir(), 'sluice-sentinel-'));
    const sentinelPort = await freePort();
    const watch = `sentinel monitor main 127.0.0.1 ${new URL(master.url).port} 1`;
    const config = join(dir, 'sentinel.conf');
    writeFileSync(config, [watch, 'sentinel down-after-milliseconds main 500', 'sentinel failover-timeout main 3000', ''].join('\n'));
    await start({ port: sentinelPort, sentinelConfig: config });
    await expect.poll(async () => String(await tell(replica.url, 'INFO', 'replication')), { timeout: 10_000 }).toContain('master_link_status:up');
    await expect
      .poll(async () => JSON.stringify(await tell(`redis://127.0.0.1:${sentinelPort}`, 'SENTINEL', 'REPLICAS', 'main')), { timeout: 15_000, interval: 200 })
      .toContain(new URL(replica.url).port);

    const store = redisStore({ sentinels: [{ host: '127.0.0.1', port: sentinelPort }], master: 'main', timeoutMs: 3000, onEvent: () => undefined });
    await exercise(store);
    await wait(200);
    await master.stop();
    await expect.poll(() => Promise.resolve(store.total('budget')).catch(() => 'away'), { timeout: 25_000, interval: 300 }).toBe(5);
    await store.close?.();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  test('a client that the host has is used, and left open', async () => {
    const { url } = await start({});
    const client = createClient({ url });
    await client.connect();
    const store = redisStore({ client });
    await exercise(store);
    await store.close?.();
    expect(await client.ping()).toBe('PONG');
    client.destroy();
  });
});
