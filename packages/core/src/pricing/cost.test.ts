import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Usage } from '../types/usage.ts';
import type { Price } from '../types/model.ts';
import { costOf } from './cost.ts';

/** A nano-dollar a token in, two out. */
const price: Price = { input: 1e6, output: 2e6 };
const usage = (fields: Partial<Usage>): Usage => ({ inputTokens: 0, outputTokens: 0, ...fields });

describe('each part of the usage has its price', () => {
  const full: Price = {
    ...price,
    cachedInput: 1e5,
    cachedAudioInput: 2e5,
    cachedImageInput: 3e5,
    cacheWriteInput: 3e6,
    hourCacheWriteInput: 4e6,
    citation: 9e6,
    audioInput: 5e6,
    imageInput: 7e6,
    reasoning: 4e6,
    audioOutput: 6e6,
    imageOutput: 8e6,
  };

  test.each<[string, Partial<Usage>, number]>([
    ['input and output', { inputTokens: 100, outputTokens: 10 }, 120],
    ['cached input', { inputTokens: 100, cachedInputTokens: 40 }, 64],
    ['input written to the cache', { inputTokens: 100, cacheWriteInputTokens: 10 }, 120],
    ['input written to the cache for an hour', { inputTokens: 100, cacheWriteInputTokens: 20, hourCacheWriteInputTokens: 10 }, 80 + 30 + 40],
    [
      'cached sound, which is part of both',
      { inputTokens: 100, cachedInputTokens: 60, audioInputTokens: 50, cachedAudioInputTokens: 40 },
      30 + 20 * 0.1 + 10 * 5 + 40 * 0.2,
    ],
    ['cached pictures', { inputTokens: 100, cachedInputTokens: 50, imageInputTokens: 50, cachedImageInputTokens: 50 }, 50 + 50 * 0.3],
    ['what is cited', { citationTokens: 10 }, 90],
    ['audio input', { inputTokens: 100, audioInputTokens: 10 }, 140],
    ['image input', { inputTokens: 100, imageInputTokens: 10 }, 160],
    ['reasoning', { outputTokens: 100, reasoningTokens: 50 }, 300],
    ['audio output', { outputTokens: 100, audioOutputTokens: 50 }, 400],
    ['image output', { outputTokens: 100, imageOutputTokens: 50 }, 500],
  ])('%s', (_, fields, expected) => {
    expect(costOf(usage(fields), full)).toBe(expected);
  });

  test('and costs what the whole costs where it has none', () => {
    const parts = {
      cachedInputTokens: 10,
      cacheWriteInputTokens: 10,
      hourCacheWriteInputTokens: 5,
      audioInputTokens: 10,
      imageInputTokens: 10,
      reasoningTokens: 3,
      audioOutputTokens: 3,
      imageOutputTokens: 3,
    };
    expect(costOf(usage({ inputTokens: 100, outputTokens: 10, ...parts }), price)).toBe(120);
  });
});

test.each<[string, Partial<Usage>, Price, number]>([
  ['the second', { seconds: 1.5 }, { input: 0, output: 0, perSecond: 100_000 * 1e6 }, 150_000],
  ['the character', { characters: 1000 }, { input: 0, output: 0, perCharacter: 15_000 * 1e6 }, 15_000_000],
  ['the image', { images: 3 }, { input: 0, output: 0, perImage: 40_000_000 * 1e6 }, 120_000_000],
  ['the search', { searchUnits: 3 }, { input: 0, output: 0, perSearchUnit: 2_000_000 * 1e6 }, 6_000_000],
  ['the search of the web', { webSearches: 3 }, { input: 0, output: 0, perWebSearch: 10_000_000 * 1e6 }, 30_000_000],
  ['the search that brings little', { webSearches: 2, webSearchSize: 'low' }, { input: 0, output: 0, perWebSearch: 9e6, perLowWebSearch: 5e6 }, 10],
  ['the search that brings much, where all cost the same', { webSearches: 2, webSearchSize: 'high' }, { input: 0, output: 0, perWebSearch: 9e6 }, 18],
  ['the page', { pages: 3, annotatedPages: 2 }, { input: 0, output: 0, perPage: 4_000_000 * 1e6, perAnnotatedPage: 5_000_000 * 1e6 }, 22_000_000],
  ['the request', {}, { input: 0, output: 0, perRequest: 5_000_000 * 1e6 }, 5_000_000],
])('what is paid by %s', (_, fields, rates, expected) => {
  expect(costOf(usage(fields), rates)).toBe(expected);
});

test('a tier prices the whole call, from the first token above it', () => {
  const tiered: Price = {
    ...price,
    tiers: [
      { aboveInputTokens: 100, input: 2e6, output: 4e6 },
      { aboveInputTokens: 200, input: 3e6, output: 6e6 },
    ],
  };
  expect([100, 101, 200, 201].map((inputTokens) => costOf(usage({ inputTokens, outputTokens: 10 }), tiered))).toEqual([120, 242, 440, 663]);
});

test('rounded half up, once', () => {
  expect(costOf(usage({ inputTokens: 1, outputTokens: 1 }), { input: 250_000, output: 250_000 })).toBe(1);
  expect(costOf(usage({ inputTokens: 1, outputTokens: 1 }), { input: 249_999, output: 250_000 })).toBe(0);
});

describe('P11: no usage makes a cost below zero or beyond counting', () => {
  const count = fc.oneof(fc.nat(1_000_000), fc.constantFrom(0, -1, 0.5, 1e10, 1e300, NaN, Infinity));
  const anyUsage = fc.record(
    {
      inputTokens: count,
      outputTokens: count,
      cachedInputTokens: count,
      cacheWriteInputTokens: count,
      audioInputTokens: count,
      imageInputTokens: count,
      reasoningTokens: count,
      audioOutputTokens: count,
      imageOutputTokens: count,
      seconds: count,
    },
    { requiredKeys: ['inputTokens', 'outputTokens'] },
  );
  const rate = fc.nat(100_000_000_000);
  const anyPrice = fc.record({ input: rate, output: rate, cachedInput: rate, reasoning: rate }, { requiredKeys: ['input', 'output'] });

  test('whatever a provider reports', () => {
    fc.assert(
      fc.property(anyUsage, anyPrice, (reported, rates) => {
        const cost = costOf(reported, rates);
        expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
      }),
    );
  });

  test('it agrees with exact arithmetic on rationals', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), rate, rate, (inputTokens, outputTokens, input, output) => {
        const millionths = BigInt(inputTokens) * BigInt(input) + BigInt(outputTokens) * BigInt(output);
        expect(BigInt(costOf({ inputTokens, outputTokens }, { input, output }))).toBe((millionths + 500_000n) / 1_000_000n);
      }),
    );
  });
});
