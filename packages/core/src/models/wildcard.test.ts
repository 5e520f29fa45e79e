import { describe, expect, it } from 'vitest';
import { captureWildcard, isAllowed, matchesWildcard } from './wildcard.ts';

describe('captureWildcard', () => {
  it.each([
    ['gpt-4o', 'gpt-4o', []],
    ['*', 'anything/at all', ['anything/at all']],
    ['openai/*', 'openai/gpt-4o', ['gpt-4o']],
    ['openai/*', 'openai/', ['']],
    ['*-mini', 'gpt-4o-mini', ['gpt-4o']],
    ['a*b*c', 'a1b2b3c', ['1', '2b3']],
    ['*/*', 'x/y/z', ['x', 'y/z']],
  ])('%s stands for %s', (pattern, name, captures) => {
    expect(captureWildcard(pattern, name)).toEqual(captures);
  });

  it.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['openai/*', 'azure/openai/x'],
    ['*-mini', 'gpt-4o-mini-2'],
    ['ab*ba', 'aba'],
    ['a.c', 'abc'],
    ['', 'x'],
  ])('%s does not stand for %s', (pattern, name) => {
    expect(captureWildcard(pattern, name)).toBeUndefined();
  });

  it('agrees with a regular expression, whatever the pattern', () => {
    const letters = ['a', 'b', '*', '/'];
    const word = (bits: readonly string[], seed: number, length: number) =>
      Array.from({ length }, (_, index) => bits[Math.floor(seed / 7 ** index) % bits.length]).join('');
    for (let seed = 0; seed < 4_000; seed += 1) {
      const pattern = word(letters, seed, 1 + (seed % 5));
      const name = word(['a', 'b', '/'], seed * 31 + 5, seed % 7);
      const regular = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      expect([pattern, name, matchesWildcard(pattern, name)]).toEqual([pattern, name, regular.test(name)]);
    }
  });

  it('takes no longer for a pattern made to take long', () => {
    const startedAt = performance.now();
    matchesWildcard('*a'.repeat(50), `${'a'.repeat(49)}${'b'.repeat(5_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('isAllowed', () => {
  it('allows everything where nothing is said, and nothing where the list is empty', () => {
    expect(isAllowed(undefined, 'x')).toBe(true);
    expect(isAllowed([], 'x')).toBe(false);
    expect(isAllowed(['y', 'x*'], 'x1')).toBe(true);
  });
});
