import { describe, expect, test } from 'vitest';
import type { Deployment, Price } from '../types/model.ts';
import { costBound } from './cost-bound.ts';
import { priceBoundOf } from './price-bound.ts';

const price: Price = {
  input: 1e9,
  output: 2e9,
  perWebSearch: 10_000_000 * 1e6,
  serviceTiers: { flex: { input: 5e8, output: 1e9 }, priority: { input: 3e9, output: 6e9, tiers: [{ aboveInputTokens: 100_000, input: 5e9, output: 9e9 }] } },
};

function boundOf(request: object, defaults?: Deployment['defaults']): number {
  const group = { name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price, ...(defaults && { defaults }) }] };
  const asked = { model: 'm', messages: [], max_tokens: 1000, ...request };
  const bound = priceBoundOf(group, (request as { readonly service_tier?: unknown }).service_tier);
  return costBound({ operation: 'chat', request: asked, received: Buffer.alloc(100) }, bound, 4096);
}

describe('the most that a call may cost', () => {
  const usual = 100 * 1000 + 1000 * 2000;

  test('is that of the usual tier, also for a cheaper one, which a provider need not serve', () => {
    expect(boundOf({})).toBe(usual);
    expect(boundOf({ service_tier: 'flex' })).toBe(usual);
    expect(boundOf({ service_tier: 'a name nobody has a price for' })).toBe(usual);
    expect(boundOf({ service_tier: 'constructor' })).toBe(usual);
  });

  test('is that of a dearer tier where the caller or the deployment asks for it', () => {
    const dearest = 100 * 5000 + 1000 * 9000;
    expect(boundOf({ service_tier: 'priority' })).toBe(dearest);
    expect(boundOf({}, { service_tier: 'priority' })).toBe(dearest);
  });

  test.each<[string, object]>([
    ['options', { web_search_options: {} }],
    ['a tool', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['a tool named by its field', { tools: [{ googleSearch: {} }] }],
  ])('has room for searches where %s ask for them', (_, request) => {
    expect(boundOf(request)).toBe(usual + 10 * 10_000_000);
  });

  test('has none where no tool searches', () => {
    expect(boundOf({ tools: [{ type: 'function', function: { name: 'web_search' } }], web_search_options: null })).toBe(usual);
  });
});
