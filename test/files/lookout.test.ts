import { type GatewayOptions, memoryStore, type Store } from '@sluice/core';
import { redisStore } from '@sluice/store-redis';
import { hasRedis, type RedisServer, startRedis } from '@sluice/testing/servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun, group, lines, open, type Opened, TWO_LINES, uploaded, upstream } from './support.ts';

const KEY = 'sk-ann';
const DEAR = 1_000_000_000;
const inputFor = (model: string): string => lines(model, ['hi', 'ho']);
const INPUT = inputFor('m');
const isPossible = hasRedis();
let redis: RedisServer | undefined;

beforeAll(async () => {
  if (isPossible) redis = await startRedis();
});
afterAll(() => redis?.stop());

type Makes = { readonly name: string; readonly isThere: boolean; readonly store: () => Store };

const memory = memoryStore();
const STORES: readonly Makes[] = [
  { name: 'memory', isThere: true, store: () => memory },
  { name: 'Redis', isThere: isPossible, store: () => redisStore({ url: redis?.url ?? '', timeoutMs: 5000 }) },
];

describe.each(STORES)('a batch that nobody asks about, in $name', ({ name, isThere, store }) => {
  const about = (id: string, options: Partial<GatewayOptions> = {}): Partial<GatewayOptions> => ({
    keys: [{ id, key: KEY, budgetNanoUsd: DEAR, limits: { requestsPerMinute: 2 } }],
    batches: { lookEveryMs: 60 },
    onError: () => undefined,
    ...options,
  });

  it.skipIf(!isThere)('is charged once by two gateways, in the name of who has begun it, and takes of no limit', async () => {
    const [host, id] = [await upstream(), `${name}-ann`];
    const gateways = [0, 1].map(() => open([group(id, host)], about(id, { store: store() })));
    const [{ client, store: counters }] = gateways as [Opened];
    await begun(client(KEY), inputFor(id));
    const held = await counters.total(`budget:key:${id}`);
    expect(held).toBeGreaterThan(TWO_LINES);

    await until(async () => (await counters.total(`spend:key:${id}`)) > 0);
    expect([await counters.total(`budget:key:${id}`), await counters.total(`spend:key:${id}`)]).toEqual([TWO_LINES, TWO_LINES]);
    const looks = host.asked(/^GET \/v1\/batches\//);
    await pause(400);
    // Who is charged is not looked at any more.
    expect(host.asked(/^GET \/v1\/batches\//)).toBe(looks);
    expect(await counters.total(`spend:key:${id}`)).toBe(TWO_LINES);

    const records = await recordsOf(gateways);
    expect(records.filter(({ costNanoUsd }) => costNanoUsd)).toMatchObject([
      { operation: 'batches.get', model: id, deploymentId: `one/${id}`, keyId: id, costNanoUsd: TWO_LINES, usage: { inputTokens: 20 }, settledBy: 'look' },
    ]);
    // The looks that found nothing are no calls: nobody has made them.
    expect(records.map(({ operation }) => operation).sort()).toEqual(['batches.create', 'batches.get', 'files.create']);
  });

  it.skipIf(!isThere)('is charged with the most that it may cost when its deadline has passed without an end', async () => {
    const [host, id] = [await upstream(), `${name}-ben`];
    const opened = open([group(id, host)], about(id, { store: store(), batches: { lookEveryMs: 60, overdueAfterMs: 0 } }));
    const { client, store: counters } = opened;
    const { id: file } = await uploaded(client(KEY), inputFor(id));
    await client(KEY).batches.create({ input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '1s' as '24h' });
    const held = await counters.total(`budget:key:${id}`);
    await host.close();

    await until(async () => (await counters.total(`spend:key:${id}`)) > 0);
    expect([await counters.total(`budget:key:${id}`), await counters.total(`spend:key:${id}`)]).toEqual([held, held]);
    const records = await recordsOf([opened]);
    expect(records.filter(({ costNanoUsd }) => costNanoUsd)).toMatchObject([{ costNanoUsd: held, keyId: id, settledBy: 'deadline', status: 'ok' }]);
  });

  it.skipIf(!isThere)('is left to who asks for it, and then is not charged again', async () => {
    const [host, id] = [await upstream(), `${name}-cat`];
    const { client, store: counters } = open([group(id, host)], about(id, { store: store(), keys: [{ id, key: KEY }] }));
    const batch = await begun(client(KEY), inputFor(id));
    await until(async () => (await client(KEY).batches.retrieve(batch.id)).status === 'completed');
    await pause(300);
    expect(await counters.total(`spend:key:${id}`)).toBe(TWO_LINES);
  });
});

describe('the look at batches', () => {
  it('is not taken where it is switched off', async () => {
    const host = await upstream();
    const { client } = open([group('m', host)], { batches: { lookEveryMs: false } });
    await begun(client(KEY), INPUT);
    await pause(200);
    expect(host.asked(/^GET \/v1\/batches\//)).toBe(0);
  });

  it('ends with its gateway, and leaves what it has not seen to another', async () => {
    const [host, store] = [await upstream(), memoryStore()];
    const one = open([group('m', host)], { store, batches: { lookEveryMs: 3_600_000 } });
    await begun(one.client(KEY), INPUT);
    await one.gateway.close();
    const looks = host.asked(/^GET \/v1\/batches\//);
    await pause(200);
    expect(host.asked(/^GET \/v1\/batches\//)).toBe(looks);
    open([group('m', host)], { store, batches: { lookEveryMs: 40 } });
    await until(async () => (await store.total('spend:key:ann')) === TWO_LINES);
  });

  it('is told of in errors, and goes on, while a provider is down', async () => {
    const [host, errors] = [await upstream(), [] as unknown[]];
    const { client, store } = open([group('m', host)], { batches: { lookEveryMs: 40 }, onError: (error) => void errors.push(error) });
    await begun(client(KEY), INPUT);
    await host.close();
    await until(async () => errors.length >= 2);
    expect(errors[0]).toMatchObject({ code: 'upstream_unreachable' });
    expect(await store.total('spend:key:ann')).toBe(0);
  });
});

async function recordsOf(opened: readonly Opened[]): Promise<Opened['records']> {
  for (const { gateway } of opened) await gateway.close();
  return opened.flatMap(({ records }) => records);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(isSo: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It did not come to that within ${withinMs} ms`);
    await pause(20);
  }
}
