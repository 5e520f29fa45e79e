import { type Claim, defineStore, memoryStore, type Reservation, type Store, type StoreHold } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { toRun } from './frame/to-run.ts';
import { histories } from './support/histories.ts';
import { type SimulatedStore, StoreWalk } from './support/store-walk.ts';
import { storeSteps } from './support/store-steps.ts';

/** Stores that break one rule each. */
const BROKEN: Readonly<Record<string, { readonly says: string; of(store: Store): Partial<Store> }>> = {
  'lets one too many pass': {
    says: 'admitted over a limit',
    of: (store) => ({ reserve: (claims) => store.reserve(claims.map((claim) => ({ ...claim, limit: claim.limit + 1 }))) }),
  },
  'refuses one too early': {
    says: 'refused although there was room',
    of: (store) => ({ reserve: (claims) => store.reserve(claims.map((claim) => ({ ...claim, limit: claim.limit - 1 }))) }),
  },
  'ends what has ended': {
    says: 'and not from',
    of: (store) => {
      const held = new Map<StoreHold, readonly Claim[]>();
      return {
        async reserve(claims) {
          const given = (await store.reserve(claims.map(({ isHeld: _, ...claim }) => claim))) as Reservation;
          if (!given.ok || !claims.some(({ isHeld }) => isHeld)) return given;
          const hold = {};
          held.set(hold, claims);
          return { ...given, hold };
        },
        async adjust(adjustments, ends = []) {
          const freed = ends.flatMap((hold) => (held.get(hold) ?? []).filter(({ isHeld }) => isHeld).map(({ key, amount }) => ({ key, by: -amount })));
          await store.adjust([...freed, ...adjustments]);
        },
      };
    },
  },
  'charges who is refused': {
    says: 'and not from',
    of: (store) => ({
      async reserve(claims) {
        const given = await store.reserve(claims);
        if (!given.ok) await store.adjust([{ key: 'budget', by: 1 }]);
        return given;
      },
    }),
  },
  'names a wait that is too short': {
    says: 'refused although the wait that was named is over',
    of: (store) => ({
      async reserve(claims) {
        const given = await store.reserve(claims);
        return given.ok || given.retryAfterMs === undefined ? given : { ...given, retryAfterMs: given.retryAfterMs / 2 };
      },
    }),
  },
};

describe('the simulator', () => {
  for (const [what, { says, of }] of Object.entries(BROKEN)) {
    it(`finds out a store that ${what}, and tells in how few steps`, async () => {
      const found = await histories(toRun(1, true), {
        what,
        steps: 20_000,
        arbitrary: storeSteps,
        async walk(steps) {
          const walk = new StoreWalk(site((store) => defineStore({ ...store, ...of(store) })));
          for (const step of steps) await walk.take(step);
          await walk.rest();
        },
      });
      const value = found.checks[0]?.value ?? '';
      expect(value).toContain(says);
      expect((value.match(/"does"/g) ?? []).length).toBeLessThan(20);
    });
  }
});

function site(broken: (store: Store) => Store): SimulatedStore {
  let now = 1_000_000;
  return { stores: [broken(memoryStore({ now: () => now }))], now: () => now, pass: (ms) => void (now += ms) };
}
