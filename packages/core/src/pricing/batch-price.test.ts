import { describe, expect, it } from 'vitest';
import type { Price } from '../types/model.ts';
import { batchBound, batchCost, isPricedOneByOne } from './batch-price.ts';

const price: Price = { input: 2e9, output: 4e9 };
const usage = { inputTokens: 100, outputTokens: 10 };

describe('batchCost', () => {
  it('is half of the price, rounded up to a whole nano-dollar', () => {
    expect(batchCost(usage, price)).toBe((100 * 2_000 + 10 * 4_000) / 2);
    expect(batchCost({ inputTokens: 1, outputTokens: 0 }, { input: 1e6, output: 0 })).toBe(1);
    expect(batchCost({ inputTokens: 0, outputTokens: 0 }, price)).toBe(0);
  });

  it('is the price of the tier for batches where there is one, whatever tier the answer names', () => {
    const tiered: Price = { ...price, serviceTiers: { batch: { input: 1e9, output: 1e9 }, flex: { input: 9e9, output: 9e9 } } };
    expect(batchCost({ ...usage, serviceTier: 'flex' }, tiered)).toBe(110_000);
    expect(batchCost({ ...usage, serviceTier: 'batch' }, price)).toBe(120_000);
    expect([batchBound(10, tiered), batchBound(11, price), batchBound(11, undefined)]).toEqual([10, 6, 6]);
  });

  it('does not halve searches of the web', () => {
    expect(batchCost({ ...usage, webSearches: 2 }, { ...price, perWebSearch: 10_000_000 * 1e6 })).toBe(120_000 + 2 * 10_000_000);
  });

  it('is told from each answer where a sum says too little', () => {
    expect(isPricedOneByOne(price)).toBe(false);
    expect(isPricedOneByOne({ ...price, perRequest: 1 })).toBe(true);
    expect(isPricedOneByOne({ ...price, tiers: [{ aboveInputTokens: 15, input: 4e9, output: 8e9 }] })).toBe(true);
  });
});
