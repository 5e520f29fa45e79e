import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { perMillion, toPrice } from './to-price.ts';

test('dollars a unit become whole nano-dollars a million units, exactly', () => {
  expect(perMillion(1.5e-7)).toBe(150_000_000);
  expect(perMillion(0.00003)).toBe(30_000_000_000);
  expect(toPrice({ input_cost_per_token: 1.5e-7, output_cost_per_token: 6e-7, cache_read_input_token_cost: 7.5e-8, mode: 'chat', rpm: 3 })).toEqual({
    input: 150_000_000,
    output: 600_000_000,
    cachedInput: 75_000_000,
  });
});

test('what is paid by the search and by the page is read as well', () => {
  expect(toPrice({ input_cost_per_query: 0.002, ocr_cost_per_page: 0.004, annotation_cost_per_page: 0.005 })).toEqual({
    input: 0,
    output: 0,
    perSearchUnit: 2_000_000 * 1e6,
    perPage: 4_000_000 * 1e6,
    perAnnotatedPage: 5_000_000 * 1e6,
  });
});

test('each threshold is a tier, which keeps what it does not name', () => {
  const price = toPrice({
    input_cost_per_token: 1e-6,
    output_cost_per_token: 4e-6,
    input_cost_per_token_above_272k_tokens: 3e-6,
    input_cost_per_token_above_200k_tokens: 2e-6,
    output_cost_per_token_above_200k_tokens: 5e-6,
  });
  if (!price) throw new Error('No price');
  expect(price.tiers?.map(({ aboveInputTokens, input, output }) => [aboveInputTokens, input, output])).toEqual([
    [200_000, 2_000_000_000, 5_000_000_000],
    [272_000, 3_000_000_000, 5_000_000_000],
  ]);
  expect(costOf({ inputTokens: 300_000, outputTokens: 10 }, price)).toBe(300_000 * 3000 + 10 * 5000);
});

test('each service tier is a price of its own, with thresholds of its own', () => {
  const price = toPrice({
    input_cost_per_token: 1e-6,
    output_cost_per_token: 4e-6,
    cache_creation_input_token_cost_above_1hr: 8e-6,
    input_cost_per_token_above_272k_tokens: 2e-6,
    input_cost_per_token_batches: 5e-7,
    input_cost_per_token_priority: 3e-6,
    output_cost_per_token_priority: 6e-6,
    input_cost_per_token_above_272k_tokens_priority: 5e-6,
    input_cost_per_token_cache_hit: 1e-7,
  });
  expect(price).toEqual({
    input: 1e9,
    output: 4e9,
    hourCacheWriteInput: 8e9,
    tiers: [{ aboveInputTokens: 272_000, input: 2e9, output: 4e9, hourCacheWriteInput: 8e9 }],
    serviceTiers: {
      batch: { input: 5e8 },
      priority: { input: 3e9, output: 6e9, tiers: [{ aboveInputTokens: 272_000, input: 5e9, output: 6e9, hourCacheWriteInput: 8e9 }] },
    },
  });
});

test('searches of the web have a price for each of their sizes', () => {
  const search_context_cost_per_query = { search_context_size_low: 0.005, search_context_size_medium: 0.008, search_context_size_high: 0.012 };
  expect(toPrice({ input_cost_per_token: 1e-6, search_context_cost_per_query })).toMatchObject({
    perLowWebSearch: 5_000_000 * 1e6,
    perWebSearch: 8_000_000 * 1e6,
    perHighWebSearch: 12_000_000 * 1e6,
  });
});

test('what names no price is none, and no price of nothing', () => {
  expect(toPrice({ mode: 'chat', input_cost_per_token: null })).toBeUndefined();
  expect(toPrice({ input_cost_per_token_above_200k_tokens: 1e-6 })).toBeUndefined();
});
