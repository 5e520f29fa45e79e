import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';
import type { Store } from '@sluice/core';
import { storeContract } from '@sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '@sluice/testing/servers';
import { redisStore, type RedisStoreEvent } from './redis-store.ts';

const LEASE_MS = 300;
let server: RedisServer;

beforeAll(async () => {
  if (hasRedis()) server = await startRedis();
});
beforeEach(async (ctx) => {
  if (!hasRedis()) ctx.skip('redis-server is not installed');
  const client = await createClient({ url: server.url }).connect();
  await client.flushAll();
  client.destroy();
});
afterAll(async () => {
  if (hasRedis()) await server.stop();
});

describe('the Redis store keeps the contract', () => {
  const options = () => ({ url: server.url, leaseMs: LEASE_MS, timeoutMs: 2000 });
  const cases = storeContract(async () => {
    // A process that dies says nothing more, not even that it lives: its connection is cut from behind.
    const client = createClient({ url: server.url });
    await client.connect();
    const store = redisStore({ client, leaseMs: LEASE_MS, timeoutMs: 2000 });
    return {
      store: {
        ...store,
        async close() {
          await store.close?.();
          if (client.isOpen) client.destroy();
        },
      },
      advance: (ms) => wait(ms),
      async crash() {
        client.destroy();
        return { store: redisStore(options()), leaseMs: LEASE_MS };
      },
    };
  });
  for (const { name, run } of cases) test(name, run);
});

describe('several processes', () => {
  test('P02: of 5,000 claims over two of them exactly as many are admitted as fit', async () => {
    const stores = [redisStore({ url: server.url, timeoutMs: 5000 }), redisStore({ url: server.url, timeoutMs: 5000 })] as const;
    const claim = { key: 'budget', amount: 10, limit: 1000, isHeld: true } as const;
    const outcomes = await Promise.all(Array.from({ length: 5000 }, async (_, index) => stores[index % 2 === 0 ? 0 : 1].reserve([claim])));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(100);
    expect(await stores[0].total('budget')).toBe(1000);
    await stores[0].adjust(
      [],
      outcomes.flatMap((outcome) => (outcome.ok && outcome.hold ? [outcome.hold] : [])),
    );
    expect(await stores[1].total('budget')).toBe(0);
    await Promise.all(stores.map((store) => store.close?.()));
  });

  test('P05: what thousands of calls of a dead process held is given back, a few at a time', async () => {
    const client = createClient({ url: server.url });
    await client.connect();
    const dying = redisStore({ client, leaseMs: LEASE_MS, timeoutMs: 5000 });
    await Promise.all(Array.from({ length: 3000 }, async () => dying.reserve([{ key: 'n', amount: 1, limit: 5000, isHeld: true }])));
    client.destroy();
    const survivor = redisStore({ url: server.url, leaseMs: LEASE_MS, timeoutMs: 5000 });
    expect(await survivor.total('n')).toBe(3000);
    await wait(LEASE_MS + 50);
    for (let count = 0; count < 20 && (await survivor.total('n')) > 0; count += 1) await survivor.reserve([{ key: 'other', amount: 0, limit: 1 }]);
    expect(await survivor.total('n')).toBe(0);
    await Promise.all([dying.close?.(), survivor.close?.()]);
  });

  test('prefixes keep gateways apart', async () => {
    const [one, other] = [redisStore({ url: server.url, prefix: 'one' }), redisStore({ url: server.url, prefix: 'other' })];
    await one.adjust([{ key: 'n', by: 3 }]);
    await one.set('v', 'x');
    expect([await other.total('n'), await other.get('v')]).toEqual([0, undefined]);
    await Promise.all([one.close?.(), other.close?.()]);
  });
});

describe('P36: a Redis that is away', () => {
  test('hanging costs the first calls their deadline and the others nothing, and nothing stays held', async () => {
    const own = await startRedis();
    const events: RedisStoreEvent['kind'][] = [];
    const store = redisStore({ url: own.url, timeoutMs: 100, leaseMs: 6000, onEvent: ({ kind }) => void events.push(kind) });
    await store.reserve([{ key: 'n', amount: 1, limit: 100 }]);
    const claim = { key: 'n', amount: 1, limit: 100, isHeld: true } as const;

    own.process.kill('SIGSTOP');
    await expect(store.reserve([claim])).rejects.toThrow('has not answered within 100 ms');
    // What is owed is told again with each of them, and fails as they do.
    for (let count = 1; count < 5; count += 1) await expect(store.reserve([claim])).rejects.toThrow(/has not answered within 100 ms|away/);
    const before = performance.now();
    for (let count = 0; count < 200; count += 1) await expect(store.reserve([claim])).rejects.toThrow('away');
    expect(performance.now() - before).toBeLessThan(1000);
    own.process.kill('SIGCONT');

    await expect.poll(async () => (await store.reserve([{ key: 'probe', amount: 0, limit: 1 }])).ok, { timeout: 5000, interval: 100 }).toBe(true);
    await expect.poll(() => store.total('n'), { timeout: 5000 }).toBe(1);
    expect(events).toEqual(['away', 'back']);
    await store.close?.();
    await own.stop();
  });

  test('what was used while it hung is counted once, whatever claims say that came to hang as well', async () => {
    const own = await startRedis();
    const store = redisStore({ url: own.url, timeoutMs: 100, leaseMs: 60_000, onEvent: () => undefined });
    await store.adjust([{ key: 'n', by: 10 }]);
    own.process.kill('SIGSTOP');
    let spent = 10;
    for (let count = 0; count < 30; count += 1) {
      // Claims of nothing tell what is spent so far, as those of a gateway do; each settles one more.
      await Promise.resolve(store.reserve([{ key: 'n', amount: 0, limit: 1000, atLeast: spent }])).catch(() => undefined);
      await Promise.resolve(store.adjust([{ key: 'n', by: 1, isRecorded: true }])).catch(() => undefined);
      spent += 1;
      if (count % 10 === 9) await wait(1000);
    }
    own.process.kill('SIGCONT');
    await expect
      .poll(async () => (await store.reserve([{ key: 'n', amount: 0, limit: 1000, atLeast: spent }])).ok, { timeout: 8000, interval: 100 })
      .toBe(true);
    await wait(300);
    expect(await store.total('n')).toBe(spent);
    await store.close?.();
    await own.stop();
  });

  test('what is recorded is told in time or never, also where another store has told of it meanwhile', async () => {
    const own = await startRedis();
    const open = (): Store => redisStore({ url: own.url, timeoutMs: 500, leaseMs: 60_000, onEvent: () => undefined });
    const [one, other] = [open(), open()];
    const claim = { key: 'n', amount: 1, limit: 1000, isHeld: true } as const;
    const reservation = await one.reserve([claim]);
    if (!reservation.ok || !reservation.hold) throw new Error('not held');
    own.process.kill('SIGSTOP');
    await expect(
      one.adjust(
        [
          { key: 'n', by: 5, isRecorded: true },
          { key: 'other', by: 1 },
        ],
        [reservation.hold],
      ),
    ).rejects.toThrow('has not answered');
    own.process.kill('SIGCONT');
    // What the ledger has of it.
    await expect
      .poll(async () => (await Promise.resolve(other.reserve([{ key: 'n', amount: 0, limit: 1000, atLeast: 5 }])).catch(() => undefined))?.ok, {
        timeout: 5000,
      })
      .toBe(true);
    await expect.poll(() => other.total('other'), { timeout: 5000 }).toBe(1);
    await other.reserve([{ key: 'n', amount: 0, limit: 1000, atLeast: 5 }]);
    expect(await other.total('n')).toBe(5);
    await one.close?.();
    await other.close?.();
    await own.stop();
  });

  test('a claim does not overtake what it tells of, also where Redis does not know the scripts yet', async () => {
    const own = await startRedis();
    const store = redisStore({ url: own.url, timeoutMs: 5_000 });
    const admin = await createClient({ url: own.url }).connect();
    for (let spent = 0; spent < 50; ) {
      await admin.scriptFlush();
      await store.reserve([{ key: 'n', amount: 0, limit: 1000 }]);
      const adjusted = store.adjust([{ key: 'n', by: 1, isRecorded: true }]);
      await Promise.all([adjusted, store.reserve([{ key: 'n', amount: 0, limit: 1000, atLeast: (spent += 1) }])]);
      expect(await store.total('n')).toBe(spent);
    }
    admin.destroy();
    await store.close?.();
    await own.stop();
  });

  test('killed and started anew, empty, it serves again, and says that it has lost what it knew', async () => {
    const own = await startRedis();
    const events: RedisStoreEvent['kind'][] = [];
    const store = redisStore({ url: own.url, timeoutMs: 100, leaseMs: 150, onEvent: ({ kind }) => void events.push(kind) });
    await store.adjust([{ key: 'n', by: 7 }]);
    await wait(200);
    await own.stop();
    await expect(store.reserve([{ key: 'n', amount: 1, limit: 100 }])).rejects.toThrow();
    const again = await startRedis({ port: Number(new URL(own.url).port) });
    await expect.poll(() => store.total('n'), { timeout: 8000, interval: 100 }).toBe(0);
    await expect.poll(() => events, { timeout: 5000 }).toContain('lost');
    await store.close?.();
    await again.stop();
  });

  test('one that was never there fails by the deadline', async () => {
    const store = redisStore({ url: 'redis://127.0.0.1:1', timeoutMs: 100, onEvent: () => undefined });
    await expect(store.reserve([{ key: 'n', amount: 1, limit: 1 }])).rejects.toThrow('has not answered within 100 ms');
    await store.close?.();
  });
});
