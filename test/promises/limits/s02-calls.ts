import { memoryStore } from '@sluice/core';
import { hasRedis, startRedis } from '@sluice/testing/servers';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type CallStep, callSteps } from '../support/call-steps.ts';
import { CallWalk } from '../support/call-walk.ts';
import { histories } from '../support/histories.ts';
import type { SimulatedStore } from '../support/store-walk.ts';
import { virtualRedis } from '../support/virtual-redis.ts';

/** Longer than any history: nobody crashes here. */
const LEASE_MS = 2_000_000_000;
const WHAT =
  'calls, answers, failures, leavers and waits of a virtual clock at random under every kind of limit and budget, each step against a naive reference';

export const proof: Proof = {
  id: 'S02',
  promise: 'No history of calls breaks a limit or a budget, or is refused where there is room',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  prove: async (run) => [await inMemory(run), await inRedis(run)],
};

function inMemory(run: Run): Promise<Evidence> {
  const open = (): SimulatedStore => {
    let now = Date.UTC(2026, 2, 27);
    return { stores: [memoryStore({ now: () => now })], now: () => now, pass: (ms) => void (now += ms) };
  };
  return histories(run, {
    what: `${WHAT}; one gateway, memory`,
    steps: run.scaled(100_000, 4_000),
    arbitrary: callSteps,
    walk: (steps) => walk(open(), steps),
  });
}

async function inRedis(run: Run): Promise<Evidence> {
  const redis = await startRedis();
  const virtual = await virtualRedis(redis.url, 2, LEASE_MS);
  let history = 0;
  try {
    return await histories(run, {
      what: `${WHAT}; two gateways, Redis`,
      steps: run.scaled(10_000, 600),
      arbitrary: callSteps,
      walk: (steps) => walk(virtual.site(`history-${(history += 1)}`), steps),
    });
  } finally {
    virtual.close();
    await redis.stop();
  }
}

/** The gateways ask the clock of the machine when budgets begin anew, so that one is replaced meanwhile. */
async function walk(site: SimulatedStore, steps: readonly CallStep[]): Promise<void> {
  const clock = Date.now;
  Date.now = () => site.now();
  const calls = new CallWalk(site);
  try {
    for (const step of steps) await calls.take(step);
    await calls.rest();
  } finally {
    await calls.close();
    Date.now = clock;
  }
}
