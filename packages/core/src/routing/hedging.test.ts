import { describe, expect, it } from 'vitest';
import { Hedging } from './hedging.ts';

function seen(samples: readonly number[], options: ConstructorParameters<typeof Hedging>[0] = {}): Hedging {
  const hedging = new Hedging(options);
  for (const sample of samples) hedging.note(sample);
  return hedging;
}

const hundred = Array.from({ length: 100 }, (_, index) => (index + 1) * 10);

describe('late', () => {
  it('is nobody as long as little was seen', () => {
    expect(seen(hundred.slice(0, 19)).delayMs).toBeUndefined();
    expect(seen(hundred.slice(0, 20)).delayMs).toBe(190);
  });

  it('is who takes longer than so many of a hundred, and never sooner than was said', () => {
    expect(seen([...hundred, ...hundred.slice(0, 12)], { percentile: 50 }).delayMs).toBeCloseTo(450, -2);
    expect(seen(hundred.map(() => 3)).delayMs).toBe(50);
    expect(
      seen(
        hundred.map(() => 3),
        { minDelayMs: 1 },
      ).delayMs,
    ).toBe(3);
  });

  it('follows what is usual now', () => {
    expect(seen([...hundred.map(() => 1_000), ...Array.from({ length: 256 }, () => 100)]).delayMs).toBe(100);
  });
});

describe('a share', () => {
  it('is kept, and is not saved up', () => {
    const hedging = new Hedging({ maxPercent: 10 });
    let asked = 0;
    for (let call = 0; call < 1_000; call += 1) {
      hedging.deposit();
      if (!hedging.hasSome) continue;
      hedging.take();
      asked += 1;
    }
    expect(asked).toBeGreaterThan(95);
    expect(asked).toBeLessThanOrEqual(101);

    const quiet = new Hedging({ maxPercent: 50 });
    for (let call = 0; call < 1_000; call += 1) quiet.deposit();
    let inHand = 0;
    for (; quiet.hasSome; inHand += 1) quiet.take();
    expect(inHand).toBe(10);
  });
});

describe('a cost', () => {
  it('has a bound, and what nobody knows is beyond it', () => {
    expect([new Hedging({}).mayCost(undefined), new Hedging({}).mayCost(1e9)]).toEqual([true, true]);
    const bounded = new Hedging({ maxCostNanoUsd: 100 });
    expect([bounded.mayCost(100), bounded.mayCost(101), bounded.mayCost(undefined)]).toEqual([true, false, false]);
  });
});
