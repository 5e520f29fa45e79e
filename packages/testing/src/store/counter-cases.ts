import assert from 'node:assert/strict';
import { mustRefuse, mustReserve, type StoreCase, WINDOW_MS } from './store-case.ts';

export const counterCases: readonly StoreCase[] = [
  {
    name: 'a counter starts at zero',
    async check({ store }) {
      assert.equal(await store.total('n'), 0);
      assert.equal(await store.total('n', WINDOW_MS), 0);
    },
  },
  {
    name: 'a claim is admitted up to its limit and not beyond',
    async check({ store }) {
      const { totals } = await mustReserve(store, { key: 'n', amount: 6, limit: 10 });
      assert.deepEqual(totals, [6]);
      assert.deepEqual(await mustRefuse(store, { key: 'n', amount: 5, limit: 10 }), { ok: false, refused: 0, total: 6 });
      assert.deepEqual((await mustReserve(store, { key: 'n', amount: 4, limit: 10 })).totals, [10]);
      await mustRefuse(store, { key: 'n', amount: 1, limit: 10 });
    },
  },
  {
    name: 'a claim of nothing fits a full counter, and not one that is over',
    async check({ store }) {
      await store.adjust([{ key: 'n', by: 10 }]);
      await mustReserve(store, { key: 'n', amount: 0, limit: 10 });
      await mustRefuse(store, { key: 'n', amount: 0, limit: 9 });
    },
  },
  {
    name: 'all of the claims are taken, or none',
    async check({ store }) {
      await mustReserve(store, { key: 'b', amount: 1, limit: 1 });
      const claims = [
        { key: 'a', amount: 1, limit: 5 },
        { key: 'b', amount: 1, limit: 1 },
        { key: 'c', amount: 1, limit: 5, windowMs: WINDOW_MS },
      ];
      assert.deepEqual(await mustRefuse(store, ...claims), { ok: false, refused: 1, total: 1 });
      assert.deepEqual([await store.total('a'), await store.total('b'), await store.total('c', WINDOW_MS)], [0, 1, 0]);
    },
  },
  {
    name: 'two claims on one counter have to fit together',
    async check({ store }) {
      const claim = { key: 'n', amount: 3, limit: 5 };
      assert.equal((await mustRefuse(store, claim, claim)).refused, 1);
      assert.equal(await store.total('n'), 0);
      assert.deepEqual((await mustReserve(store, claim, { ...claim, amount: 2 })).totals, [3, 5]);
    },
  },
  {
    name: 'a counter is no less than a claim says it is at least, and no more for having been told so again',
    async check({ store }) {
      const claim = { key: 'n', amount: 1, limit: 10, atLeast: 6 };
      assert.deepEqual((await mustReserve(store, claim)).totals, [7]);
      assert.deepEqual((await mustReserve(store, claim, { key: 'm', amount: 0, limit: 10, atLeast: 3 })).totals, [8, 3]);
      assert.deepEqual((await mustReserve(store, { ...claim, atLeast: 9 })).totals, [10]);
      assert.deepEqual([await store.total('n'), await store.total('m')], [10, 3]);
    },
  },
  {
    name: 'a refused claim leaves what it is at least, and takes nothing',
    async check({ store }) {
      assert.deepEqual(await mustRefuse(store, { key: 'n', amount: 1, limit: 10, atLeast: 10, isHeld: true }), { ok: false, refused: 0, total: 10 });
      assert.equal(await store.total('n'), 10);
    },
  },
  {
    name: 'no claims always fit',
    async check({ store }) {
      assert.deepEqual((await mustReserve(store)).totals, []);
    },
  },
  {
    name: 'an adjustment may go over any limit, and never below zero',
    async check({ store }) {
      await mustReserve(store, { key: 'n', amount: 5, limit: 5 });
      await store.adjust([{ key: 'n', by: 7 }]);
      assert.equal(await store.total('n'), 12);
      await store.adjust([{ key: 'n', by: -20 }]);
      assert.equal(await store.total('n'), 0);
      await mustReserve(store, { key: 'n', amount: 5, limit: 5 });
    },
  },
  {
    name: 'several adjustments are made in one go',
    async check({ store }) {
      await store.adjust([
        { key: 'a', by: 3 },
        { key: 'b', by: 4 },
        { key: 'a', by: 5 },
      ]);
      assert.deepEqual([await store.total('a'), await store.total('b')], [8, 4]);
    },
  },
  {
    name: 'nano-dollars are counted exactly: 100,000 settlements of 1,500 make 150,000,000',
    async check({ store }) {
      const adjustments = Array.from({ length: 1000 }, () => ({ key: 'n', by: 1500 }));
      for (let round = 0; round < 100; round += 1) await store.adjust(adjustments);
      assert.equal(await store.total('n'), 150_000_000);
    },
  },
  {
    name: 'of 1,000 claims at once exactly as many are admitted as fit',
    async check({ store }) {
      const claim = { key: 'n', amount: 10, limit: 1000 };
      const outcomes = await Promise.all(Array.from({ length: 1000 }, async () => store.reserve([claim])));
      assert.equal(outcomes.filter(({ ok }) => ok).length, 100);
      assert.equal(await store.total('n'), 1000);
    },
  },
  {
    name: 'all-time counters do not fade',
    async check({ store, advance }) {
      await mustReserve(store, { key: 'n', amount: 1, limit: 1 });
      await advance(3 * WINDOW_MS);
      assert.equal(await store.total('n'), 1);
    },
  },
];
