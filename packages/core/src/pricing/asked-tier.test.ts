import { expect, it } from 'vitest';
import { askedTier } from './asked-tier.ts';
import { priceBoundOf } from './price-bound.ts';

it.each([
  [{ service_tier: 'flex' }, 'flex'],
  [{ speed: 'fast' }, 'fast'],
  [{ speed: 'fast', inference_geo: 'us', service_tier: 'auto' }, 'fast_us'],
  [{ inference_geo: 'us' }, 'us'],
  [{ speed: 'standard', inference_geo: 'global' }, undefined],
  [{ speed: 2 }, undefined],
])('%j asks for %s', (request, tier) => {
  expect(askedTier(request)).toBe(tier);
});

it('what is asked for, or set as a default, is what is held', () => {
  const price = { input: 1, output: 2, serviceTiers: { fast: { input: 6, output: 12 } } };
  const deployment = { id: 'd', provider: 'p', model: 'm', price };
  const bound = (tier: unknown, defaults?: object): number =>
    priceBoundOf({ name: 'm', deployments: [{ ...deployment, ...(defaults && { defaults: { ...defaults } }) }] }, tier).price.output;
  expect([bound(undefined), bound('fast'), bound(undefined, { speed: 'fast' })]).toEqual([2, 12, 12]);
});
