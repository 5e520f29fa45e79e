import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { priceBook } from './price-book.ts';
import { priceProblems } from './price-problems.ts';

const book = priceBook();
const usdPerMillion = (provider: string, model: string) => (book.find(provider, model)?.price.input ?? NaN) / 1e9;

describe('the catalogue', () => {
  test('can be counted with throughout', () => {
    const entries = Object.entries(catalogue().providers).flatMap(([provider, models]) => models.map((entry) => ({ provider, ...entry })));
    expect(entries.length).toBeGreaterThan(1000);
    for (const { provider, names, price } of entries) {
      expect(names, provider).not.toEqual([]);
      expect(priceProblems(price), `${provider} ${names[0]}`).toEqual([]);
    }
  });

  test('names nothing free but what is', () => {
    const free = Object.values(catalogue().providers)
      .flat()
      .filter(({ price }) => Object.values(price).every((rate) => rate === 0))
      .flatMap(({ names }) => names)
      .filter((name) => !/:free$|moderation|^gemma/.test(name));
    expect(free).toEqual([]);
  });
});

describe('a model is found', () => {
  test.each([
    ['openai', 'gpt-4o', 2.5],
    ['openai', 'GPT-4o', 2.5],
    ['openai', 'openai/gpt-4o', 2.5],
    ['openai', 'gpt-4o-2024-05-13', 5],
    ['openai', 'gpt-4o-2030-01-01', 2.5],
    ['openai', 'gpt-4o-mini-2024-07-18', 0.15],
    ['openai', 'ft:gpt-4o-mini-2024-07-18:acme::abc', 0.3],
    ['openai', 'text-embedding-3-small', 0.02],
    ['openai', 'omni-moderation-latest', 0],
    ['groq', 'llama-3.3-70b-versatile', 0.59],
    ['anthropic', 'claude-opus-4-5-20251101', 5],
    ['bedrock', 'us.anthropic.claude-haiku-4-5-20251001-v1:0', 1.1],
    ['bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', 1],
    ['azure', 'gpt-4.1', 2],
    ['vertex_ai', 'gemini-2.5-pro', 1.25],
    ['google', 'gemini-2.5-pro', 1.25],
    ['deepseek', 'deepseek-chat', 0.27],
  ])('%s %s at %s dollars', (provider, model, dollars) => {
    expect(usdPerMillion(provider, model)).toBe(dollars);
  });

  test('with what is paid by the second, the character, the image and the search', () => {
    expect(book.find('openai', 'whisper-1')?.price.perSecond).toBe(100_000 * 1e6);
    expect(book.find('openai', 'tts-1')?.price.perCharacter).toBe(15_000 * 1e6);
    expect(book.find('openai', 'dall-e-2')?.price.perImage).toBe(20_000_000 * 1e6);
    expect(book.find('perplexity', 'sonar')?.price).toMatchObject({ perLowWebSearch: 5_000_000 * 1e6, perWebSearch: 8_000_000 * 1e6 });
  });

  test('with its tiers and the length of its context', () => {
    const found = book.find('gemini', 'gemini-2.5-pro');
    expect(found?.price.tiers).toEqual([expect.objectContaining({ aboveInputTokens: 200_000, input: 2_500_000_000, output: 15_000_000_000 })]);
    expect(book.find('openai', 'gpt-4o')?.maxInputTokens).toBe(128_000);
  });
});

test('what nobody knows has no price', () => {
  expect(book.find('openai', 'gpt-99')).toBeUndefined();
  expect(book.find('my-own-server', 'gpt-4o')).toBeUndefined();
  expect(book.find('openai', '')).toBeUndefined();
});
