import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AREAS } from './frame/find-proofs.ts';

test('the proofs of every area are run small', () => {
  expect(AREAS.length).toBeGreaterThan(0);
  expect(AREAS.filter((area) => !existsSync(new URL(`${area}.test.ts`, import.meta.url)))).toEqual([]);
});
