import { expect, test } from 'vitest';
import { keptUntilExpiry } from './kept-until-expiry.ts';

test('a credential is looked up once for all who wait, and again before it ends', async () => {
  let now = 0;
  let looked = 0;
  const credential = keptUntilExpiry(
    () => Promise.resolve({ value: (looked += 1), expiresAtMs: now + 3_600_000 }),
    () => now,
  );
  expect(await Promise.all([credential(), credential()])).toEqual([1, 1]);
  now = 3_200_000;
  expect(credential()).toBe(1);
  now = 3_400_000;
  expect(await credential()).toBe(2);
});

test('a look-up that failed is made again, and what never ends is kept', async () => {
  let looked = 0;
  const credential = keptUntilExpiry(() => ((looked += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve({ value: 'a' })));
  await expect(credential()).rejects.toThrow('away');
  expect([await credential(), await credential(), looked]).toEqual(['a', 'a', 2]);
});
