import { describe, expect, it } from 'vitest';
import { goalTable, judge } from './goals.ts';
import { Results } from './results.ts';

describe('judge', () => {
  it('knows which way is better', () => {
    expect(judge({ better: 'low', must: 1.6, target: 1.25 }, 1.2)).toBe('target');
    expect(judge({ better: 'low', must: 1.6, target: 1.25 }, 1.6)).toBe('must');
    expect(judge({ better: 'low', must: 1.6, target: 1.25 }, 1.61)).toBe('missed');
    expect(judge({ better: 'high', must: 0.6, target: 0.8 }, 0.9)).toBe('target');
    expect(judge({ better: 'high', must: 0.6, target: 0.8 }, 0.5)).toBe('missed');
  });
});

describe('goalTable', () => {
  it('shows what was measured and nothing else', () => {
    const results = new Results();
    results.add('json-1k', 'bare-node', { perSecond: 1000, cpuUs: 40 });
    results.add('json-1k', 'sluice-node', { perSecond: 700, cpuUs: 60 });
    const rows = goalTable(results).split('\n').slice(2);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('| 0.70 | must |');
    expect(rows[1]).toContain('| 1.50 | must |');
  });

  it('is empty when nothing was', () => {
    expect(goalTable(new Results())).toBe('');
  });
});
