import { expect, test } from 'vitest';
import { kept } from './credential-chain.ts';

test('keys are looked up once for all who wait, and again before they end', async () => {
  let now = 0;
  let looked = 0;
  const keys = kept(
    () => Promise.resolve({ accessKeyId: String((looked += 1)), secretAccessKey: 's', expiration: new Date(now + 3_600_000) }),
    () => now,
  );
  const both = await Promise.all([keys(), keys()]);
  expect(both.map(({ accessKeyId }) => accessKeyId)).toEqual(['1', '1']);
  now = 3_200_000;
  expect((await keys()).accessKeyId).toBe('1');
  now = 3_400_000;
  expect((await keys()).accessKeyId).toBe('2');
});

test('a look-up that failed is made again', async () => {
  let looked = 0;
  const keys = kept(() => ((looked += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve({ accessKeyId: 'a', secretAccessKey: 's' })));
  await expect(keys()).rejects.toThrow('away');
  expect(await keys()).toMatchObject({ accessKeyId: 'a' });
  expect(await keys()).toMatchObject({ accessKeyId: 'a' });
  expect(looked).toBe(2);
});
