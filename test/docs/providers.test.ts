import { afterAll, expect, test } from 'vitest';
import { countOf, providerPage } from '../providers/provider-page.ts';
import { LITELLM_IDS, providerRows } from '../providers/provider-rows.ts';

const rows = await providerRows();

test('docs/providers.md says what the packages do', async () => {
  await expect(providerPage(rows)).toMatchFileSnapshot('../../docs/providers.md');
});

test('of every id that is not reached it is said why', () => {
  expect(rows.filter(({ reach, by }) => (reach === 'none' || reach === 'no provider') && by === '').map(({ id }) => id)).toEqual([]);
});

test('at least 110 provider ids are reached', () => {
  expect(rows.filter(({ reach }) => reach === 'package' || reach === 'preset').length).toBeGreaterThanOrEqual(110);
  expect(new Set(LITELLM_IDS).size).toBe(LITELLM_IDS.length);
});

afterAll(() => console.log(countOf(rows)));
