import { expect, it } from 'vitest';
import type { Ledger } from '../types/record.ts';
import { gathered } from './gathered-spend.ts';

it('asks one question for all who ask at the same time of the same kind and moment', async () => {
  const asked: unknown[] = [];
  const ledger: Ledger = {
    append: async () => undefined,
    spentSince: () => Promise.reject(new Error('one by one')),
    spentSinceEach: async (kind, ids, since) => {
      asked.push([kind, ids, since]);
      return new Map(ids.filter((id) => id !== 'none').map((id) => [id, since + Number(id)]));
    },
  };
  const ask = gathered(ledger);
  const rows = Array.from({ length: 100 }, (_, index) => ask?.({ kind: 'key', id: String(index) }, 1000));
  const answers = await Promise.all([
    ...rows,
    ask?.({ kind: 'team', id: '1' }, 1000),
    ask?.({ kind: 'key', id: '1' }, 2000),
    ask?.({ kind: 'key', id: 'none' }, 1000),
  ]);
  expect(answers.slice(98)).toEqual([1098, 1099, 1001, 2001, 0]);
  expect(asked).toHaveLength(3);
  expect(await ask?.({ kind: 'key', id: '7' }, 1000)).toBe(1007);
  expect(asked).toHaveLength(4);
});
