import { expect, test } from 'vitest';
import { Owed } from './owed.ts';

test('what is owed to one counter is one debt, and each moment of a window its own', () => {
  const owed = new Owed<object>();
  owed.add(
    [
      { key: 'n', by: 3 },
      { key: 'n', by: 1, windowMs: 60_000, at: 1_000 },
    ],
    [],
  );
  owed.add(
    [
      { key: 'n', by: 4 },
      { key: 'n', by: 1, windowMs: 60_000, at: 1_500 },
      { key: 'n', by: 1, windowMs: 60_000, at: 2_500 },
    ],
    [],
  );
  expect(owed.take(10)?.adjustments.map(({ by, windowMs }) => [by, windowMs])).toEqual([
    [7, undefined],
    [2, 60_000],
    [1, 60_000],
  ]);
  expect(owed.take(10)).toBeUndefined();
});

test('it is handed out in parts, and nothing twice', () => {
  const owed = new Owed<object>();
  const holds = [{}, {}, {}];
  owed.add([{ key: 'a', by: 1 }], holds);
  expect(owed.take(2)).toMatchObject({ adjustments: [{ key: 'a' }], holds: holds.slice(0, 2) });
  expect(owed.take(2)).toEqual({ adjustments: [], holds: holds.slice(2) });
});
