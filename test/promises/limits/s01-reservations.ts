import { memoryStore } from '@sluice/core';
import { hasRedis, startRedis } from '@sluice/testing/servers';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { histories } from '../support/histories.ts';
import { type StoreStep, storeSteps } from '../support/store-steps.ts';
import { type SimulatedStore, StoreWalk } from '../support/store-walk.ts';
import { virtualRedis } from '../support/virtual-redis.ts';

const LEASE_MS = 200_000;
const WHAT = 'reservations, posts, voids and waits of a virtual clock at random, each step against a naive reference';

export const proof: Proof = {
  id: 'S01',
  promise: 'No history of reservations breaks a rule of theirs',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  prove: async (run) => [await inMemory(run), await inRedis(run)],
};

function inMemory(run: Run): Promise<Evidence> {
  const open = (): SimulatedStore => {
    let now = 1_000_000;
    return { stores: [memoryStore({ now: () => now })], now: () => now, pass: (ms) => void (now += ms) };
  };
  return histories(run, {
    what: `${WHAT}; one process, memory`,
    steps: run.scaled(1_000_000, 10_000),
    arbitrary: storeSteps,
    walk: (steps) => walk(open(), steps),
  });
}

async function inRedis(run: Run): Promise<Evidence> {
  const redis = await startRedis();
  const virtual = await virtualRedis(redis.url, 2, LEASE_MS);
  let history = 0;
  try {
    return await histories(run, {
      what: `${WHAT}; two processes that crash, Redis`,
      steps: run.scaled(100_000, 1_000),
      arbitrary: storeSteps,
      walk: (steps) => walk(virtual.site(`history-${(history += 1)}`), steps),
    });
  } finally {
    virtual.close();
    await redis.stop();
  }
}

async function walk(site: SimulatedStore, steps: readonly StoreStep[]): Promise<void> {
  const reservations = new StoreWalk(site);
  try {
    for (const step of steps) await reservations.take(step);
    await reservations.rest();
  } finally {
    for (const store of site.stores) await store.close?.();
  }
}
