import assert from 'node:assert/strict';
import type { StoreCase } from './store-case.ts';

export const valueCases: readonly StoreCase[] = [
  {
    name: 'a value that was never set is undefined',
    async check({ store }) {
      assert.equal(await store.get('a'), undefined);
    },
  },
  {
    name: 'a value is given back as it was set, whatever its characters',
    async check({ store }) {
      for (const text of ['1', '', '{"a":[1]}', 'é 漢 🦊', 'line\nbreak\0']) {
        await store.set('a', text);
        assert.equal(await store.get('a'), text);
      }
    },
  },
  {
    name: 'a value can be replaced and deleted',
    async check({ store }) {
      await store.set('a', 'first');
      await store.set('a', 'second');
      await store.set('b', 'other');
      assert.equal(await store.get('a'), 'second');
      await store.delete('a');
      await store.delete('never set');
      assert.equal(await store.get('a'), undefined);
      assert.equal(await store.get('b'), 'other');
    },
  },
  {
    name: 'a value is gone when its time is up, and a new one has a time of its own',
    async check({ store, advance }) {
      await store.set('short', 'x', { ttlMs: 100 });
      await store.set('long', 'x', { ttlMs: 60_000 });
      await store.set('endless', 'x', { ttlMs: 100 });
      await store.set('endless', 'y');
      await advance(150);
      assert.equal(await store.get('short'), undefined);
      assert.equal(await store.get('long'), 'x');
      assert.equal(await store.get('endless'), 'y');
    },
  },
  {
    name: 'values and counters of the same name do not meet',
    async check({ store }) {
      await store.set('a', '7');
      assert.equal(await store.total('a'), 0);
      await store.adjust([{ key: 'a', by: 2 }]);
      assert.equal(await store.get('a'), '7');
      await store.delete('a');
      assert.equal(await store.total('a'), 2);
    },
  },
];
