import { describe, expect, it } from 'vitest';
import { Results } from './results.ts';

function results(): Results {
  const made = new Results();
  for (const [bare, ours] of [
    [40, 60],
    [50, 100],
    [45, 90],
  ] as const) {
    made.add('load', 'bare', { cpuUs: bare });
    made.add('load', 'ours', { cpuUs: ours });
  }
  return made;
}

describe('Results', () => {
  it('compares the best deciles, by the direction of the metric', () => {
    expect(results().best('load', 'bare', 'cpuUs')).toBeCloseTo(41);
    expect(results().ratio('load', 'cpuUs', 'ours', 'bare')).toBeCloseTo(66 / 41);
  });

  it('compares slices of the same round', () => {
    expect(results().pairedRatio('load', 'cpuUs', 'ours', 'bare')).toBe(2);
  });

  it('leaves out what was not measured', () => {
    expect(results().values('load', 'bare', 'perSecond')).toEqual([]);
    expect(results().ratio('load', 'cpuUs', 'ours', 'nobody')).toBeNaN();
  });
});
