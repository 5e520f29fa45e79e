import { describe, expect, it } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import { ObjectIndex, type PageOptions } from './object-index.ts';

const every = { limit: 1_000, isAscending: false, after: undefined, fits: () => true } satisfies PageOptions;

async function filled(count: number): Promise<ObjectIndex> {
  const index = new ObjectIndex(memoryStore());
  await Promise.all(
    Array.from({ length: count }, async () => {
      const place = await index.nextPlace('file', 'ann');
      await index.remember('file', 'ann', { place, value: { place, purpose: place % 2 ? 'odd' : 'even' } });
    }),
  );
  return index;
}

describe('ObjectIndex', () => {
  it('gives out every place once, and lists the newest first', async () => {
    const index = await filled(120);
    const { entries, hasMore } = await index.page('file', 'ann', every);
    expect(entries.map(({ place }) => place)).toEqual(Array.from({ length: 120 }, (_, at) => 120 - at));
    expect(hasMore).toBe(false);
    expect((await index.page('file', 'ben', every)).entries).toEqual([]);
    expect((await index.page('batch', 'ann', every)).entries).toEqual([]);
  });

  it('pages in both directions, past what was forgotten and what does not fit', async () => {
    const index = await filled(120);
    for (let place = 10; place < 110; place += 1) await index.forget('file', 'ann', place);
    for (const isAscending of [true, false]) {
      const seen: number[] = [];
      for (let after: number | undefined, hasMore = true; hasMore; ) {
        const page = await index.page('file', 'ann', { limit: 3, isAscending, after, fits: ({ purpose }) => purpose === 'odd' });
        seen.push(...page.entries.map(({ place }) => place));
        hasMore = page.hasMore;
        after = page.entries.at(-1)?.place;
      }
      const odd = [1, 3, 5, 7, 9, 111, 113, 115, 117, 119];
      expect(seen).toEqual(isAscending ? odd : odd.reverse());
    }
  });

  it('says that it cannot be told what there is, where the store is away', async () => {
    const away = { ...memoryStore(), total: () => Promise.reject(new Error('away')) };
    await expect(new ObjectIndex(away).page('file', 'ann', every)).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
