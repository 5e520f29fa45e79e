import { storeContract } from '@sluice/testing';
import { expect, it } from 'vitest';
import { sampleNameStore, store } from './index.ts';

it.each(
  storeContract(() => {
    let now = 1_700_000_000_000;
    return { store: sampleNameStore({ now: () => now }), advance: (ms) => void (now += ms) };
  }),
)('$name', ({ run }) => run());

it('is made from a configuration file, and tells its mistakes', async () => {
  const made = store.create({ maxValueBytes: 1000 });
  await made.set('key', 'value');
  expect(await made.get('key')).toBe('value');
  expect(() => store.create({ maxValueByte: 1 })).toThrow(/maxValueByte: .*Did you mean 'maxValueBytes'/);
  expect(() => store.create({ maxValueBytes: 'many' })).toThrow(/maxValueBytes: It has to be a whole number over 0/);
});
