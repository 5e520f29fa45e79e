import assert from 'node:assert/strict';
import type { StoreHold } from '@sluice/core';
import { mustRefuse, mustReserve, type StoreCase, WINDOW_MS } from './store-case.ts';

const held = { key: 'n', amount: 6, limit: 10, isHeld: true } as const;

/** A reservation that has to hold something. */
function holdOf({ hold }: { readonly hold?: StoreHold }): StoreHold {
  assert.ok(hold, 'expected a hold for held claims');
  return hold;
}

export const holdCases: readonly StoreCase[] = [
  {
    name: 'what is held counts until it is ended, and is then free',
    async check({ store }) {
      const hold = holdOf(await mustReserve(store, held));
      await mustRefuse(store, held);
      await store.adjust([], [hold]);
      assert.equal(await store.total('n'), 0);
      await mustReserve(store, held);
    },
  },
  {
    name: 'a hold becomes what was used in one step',
    async check({ store }) {
      const hold = holdOf(await mustReserve(store, held));
      await store.adjust([{ key: 'n', by: 2 }], [hold]);
      assert.equal(await store.total('n'), 2);
      await store.adjust([{ key: 'n', by: 9 }]);
      assert.equal(await store.total('n'), 11);
    },
  },
  {
    name: 'a hold that is ended again holds nothing',
    async check({ store }) {
      const [first, second] = [holdOf(await mustReserve(store, { ...held, amount: 3 })), holdOf(await mustReserve(store, { ...held, amount: 4 }))];
      await store.adjust([], [first, first]);
      await store.adjust([], [first]);
      assert.equal(await store.total('n'), 4);
      await store.adjust([{ key: 'n', by: 1 }], [first, second]);
      assert.equal(await store.total('n'), 1);
    },
  },
  {
    name: 'ending a hold leaves what was claimed for good, and what is in windows',
    async check({ store }) {
      const hold = holdOf(await mustReserve(store, held, { key: 'kept', amount: 1, limit: 1 }, { key: 'kept', amount: 1, limit: 1, windowMs: WINDOW_MS }));
      await store.adjust([], [hold]);
      assert.deepEqual([await store.total('n'), await store.total('kept'), await store.total('kept', WINDOW_MS)], [0, 1, 1]);
    },
  },
  {
    name: 'a refused reservation holds nothing',
    async check({ store }) {
      await mustReserve(store, { key: 'full', amount: 1, limit: 1 });
      await mustRefuse(store, held, { key: 'full', amount: 1, limit: 1 });
      assert.equal(await store.total('n'), 0);
    },
  },
  {
    name: 'a counter is kept until the time from which it may be forgotten',
    async check({ store, advance }) {
      const { at } = await mustReserve(store, { key: 'clock', amount: 0, limit: 0 });
      await store.adjust([{ key: 'n', by: 3, expiresAt: at + 400 }]);
      await mustReserve(store, { key: 'n', amount: 2, limit: 5, expiresAt: at + 400 });
      await advance(200);
      assert.equal(await store.total('n'), 5);
      await advance(250);
      assert.equal(await store.total('n'), 0);
      await mustReserve(store, { key: 'n', amount: 5, limit: 5 });
    },
  },
  {
    name: 'what a dead process held is given back, what it used is not, and its late words change nothing',
    async check({ store, crash, advance }) {
      if (!crash) return;
      await store.adjust([{ key: 'n', by: 1 }]);
      const hold = holdOf(await mustReserve(store, held));
      const { store: survivor, leaseMs } = await crash();
      try {
        await mustReserve(survivor, { key: 'n', amount: 3, limit: 10 });
        await mustRefuse(survivor, held);
        await advance(leaseMs * 1.5);
        await mustReserve(survivor, held);
        assert.equal(await survivor.total('n'), 10);
        await survivor.adjust([], [hold]);
        assert.equal(await survivor.total('n'), 10);
      } finally {
        await survivor.close?.();
      }
    },
  },
  {
    name: 'what a living process holds is held however long it takes',
    async check({ crash, advance }) {
      if (!crash) return;
      const { store: survivor, leaseMs } = await crash();
      try {
        const hold = holdOf(await mustReserve(survivor, held));
        await advance(leaseMs * 3);
        await mustRefuse(survivor, held);
        await survivor.adjust([], [hold]);
        await mustReserve(survivor, held);
      } finally {
        await survivor.close?.();
      }
    },
  },
];
