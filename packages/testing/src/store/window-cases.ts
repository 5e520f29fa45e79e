import assert from 'node:assert/strict';
import { GRAIN_MS, mustRefuse, mustReserve, type StoreCase, WINDOW_MS } from './store-case.ts';

const one = { key: 'n', amount: 1, limit: 2, windowMs: WINDOW_MS };

export const windowCases: readonly StoreCase[] = [
  {
    name: 'a window slides: what was claimed is free again when its own time is up',
    async check({ store, advance }) {
      await mustReserve(store, one);
      await advance(WINDOW_MS / 2);
      await mustReserve(store, one);
      await mustRefuse(store, one);
      await advance(WINDOW_MS / 2 + GRAIN_MS);
      assert.equal(await store.total('n', WINDOW_MS), 1);
      await mustReserve(store, one);
      await mustRefuse(store, one);
    },
  },
  {
    name: 'a burst before an edge and one after it count together',
    async check({ store, advance }) {
      for (let step = 0; step < 4; step += 1) {
        const claim = { ...one, key: `edge ${step}` };
        await mustReserve(store, claim, claim);
        await advance(WINDOW_MS * 0.9);
        await mustRefuse(store, claim);
        await advance(17);
      }
    },
  },
  {
    name: 'the wait that is named is enough, and less is not',
    async check({ store, advance }) {
      await mustReserve(store, one);
      await advance(200);
      await mustReserve(store, one);
      const { retryAfterMs = 0 } = await mustRefuse(store, one);
      assert.ok(retryAfterMs > 0 && retryAfterMs <= WINDOW_MS - 200 + GRAIN_MS, `${retryAfterMs} ms`);
      await advance(Math.floor(retryAfterMs / 2));
      await mustRefuse(store, one);
      await advance(Math.ceil(retryAfterMs / 2) + 1);
      await mustReserve(store, one);
    },
  },
  {
    name: 'a refused claim burns nothing, however often it is made',
    async check({ store, advance }) {
      await mustReserve(store, { ...one, amount: 2 });
      for (let count = 0; count < 50; count += 1) await mustRefuse(store, one);
      assert.equal(await store.total('n', WINDOW_MS), 2);
      await advance(WINDOW_MS + GRAIN_MS);
      assert.equal(await store.total('n', WINDOW_MS), 0);
      await mustReserve(store, { ...one, amount: 2 });
    },
  },
  {
    name: 'no wait helps a claim that is over its limit by itself',
    async check({ store }) {
      assert.equal((await mustRefuse(store, { ...one, amount: 3 })).retryAfterMs, undefined);
    },
  },
  {
    name: 'of several claims that do not fit, the one that takes longest is named',
    async check({ store, advance }) {
      const early = { ...one, key: 'early', limit: 1 };
      const late = { ...one, key: 'late', limit: 1 };
      const never = { key: 'never', amount: 1, limit: 0 };
      await mustReserve(store, early);
      await advance(300);
      await mustReserve(store, late);
      assert.equal((await mustRefuse(store, early, late)).refused, 1);
      assert.equal((await mustRefuse(store, late, early)).refused, 0);
      const refusal = await mustRefuse(store, late, never, early);
      assert.deepEqual([refusal.refused, refusal.retryAfterMs], [1, undefined]);
    },
  },
  {
    name: 'an adjustment corrects the moment of its reservation, and fades with it',
    async check({ store, advance }) {
      const { at } = await mustReserve(store, { ...one, amount: 10, limit: 100 });
      await advance(WINDOW_MS / 2);
      await mustReserve(store, { ...one, amount: 5, limit: 100 });
      await store.adjust([{ key: 'n', by: -4, windowMs: WINDOW_MS, at }]);
      assert.equal(await store.total('n', WINDOW_MS), 11);
      await store.adjust([{ key: 'n', by: 20, windowMs: WINDOW_MS, at }]);
      assert.equal(await store.total('n', WINDOW_MS), 31);
      await advance(WINDOW_MS / 2 + GRAIN_MS);
      assert.equal(await store.total('n', WINDOW_MS), 5);
    },
  },
  {
    name: 'an adjustment that comes after its window changes nothing',
    async check({ store, advance }) {
      const { at } = await mustReserve(store, { ...one, amount: 2 });
      await advance(WINDOW_MS + GRAIN_MS);
      await mustReserve(store, one);
      await store.adjust([{ key: 'n', by: -2, windowMs: WINDOW_MS, at }]);
      await store.adjust([{ key: 'n', by: 9, windowMs: WINDOW_MS, at }]);
      assert.equal(await store.total('n', WINDOW_MS), 1);
    },
  },
  {
    name: 'windows of other lengths, and all time, are counters of their own',
    async check({ store }) {
      await mustReserve(store, one, { ...one, windowMs: 2 * WINDOW_MS }, { key: 'n', amount: 1, limit: 2 });
      await store.adjust([{ key: 'n', by: 1 }]);
      assert.deepEqual([await store.total('n', WINDOW_MS), await store.total('n', 2 * WINDOW_MS), await store.total('n')], [1, 1, 2]);
    },
  },
  {
    name: 'of 500 claims at once on a window exactly as many are admitted as fit',
    async check({ store }) {
      const claim = { ...one, limit: 60 };
      const outcomes = await Promise.all(Array.from({ length: 500 }, async () => store.reserve([claim])));
      assert.equal(outcomes.filter(({ ok }) => ok).length, 60);
    },
  },
];
