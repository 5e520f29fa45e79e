import { describe, expect, it } from 'vitest';
import { bestDecile, inRound, median, quantile, slope, summarize } from './stats.ts';

describe('quantile', () => {
  it('interpolates between neighbours, whatever the order', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 0], 0.9)).toBe(9);
  });

  it('sorts by number and not by text', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('is the value itself for one, and no number for none', () => {
    expect(quantile([7], 0.1)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('leaves its input as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('bestDecile', () => {
  const rounds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

  it('is near the top where more is better, near the bottom where less is', () => {
    expect(bestDecile(rounds, 'high')).toBe(10);
    expect(bestDecile(rounds, 'low')).toBe(2);
  });

  it('is not the single best slice', () => {
    expect(bestDecile([...rounds, 1000], 'high')).toBeLessThan(1000);
  });

  it('stands beside the median in a summary', () => {
    expect(summarize(rounds, 'low')).toEqual({ median: 6, best: 2 });
  });
});

describe('slope', () => {
  it('finds the growth of a line, and none in a level', () => {
    expect(
      slope([
        [0, 5],
        [1, 7],
        [2, 9],
      ]),
    ).toBe(2);
    expect(
      slope([
        [0, 5],
        [1, 5],
        [2, 5],
      ]),
    ).toBe(0);
  });

  it('is no number for fewer than two points', () => {
    expect(slope([[1, 1]])).toBeNaN();
  });
});

describe('inRound', () => {
  it('turns round every other time and keeps the list', () => {
    const items = ['a', 'b', 'c'];
    expect(inRound(items, 0)).toEqual(['a', 'b', 'c']);
    expect(inRound(items, 1)).toEqual(['c', 'b', 'a']);
    expect(items).toEqual(['a', 'b', 'c']);
  });
});
