import type { Strategy } from '@sluice/core';
import { cascade, complexity, conditional, geographic, hybrid, namedStrategy, NAMED_STRATEGIES, semantic, split } from '@sluice/core/routing';
import { describe, expect, it } from 'vitest';
import { strategyContract } from './strategy-contract.ts';

const strategies: Readonly<Record<string, () => Strategy>> = {
  ...Object.fromEntries(NAMED_STRATEGIES.map((name) => [name, () => namedStrategy(name) as Strategy])),
  cascade: () => cascade({ check: { minCharacters: 3, json: true, without: ['sorry'] } }),
  'cascade in order': () => cascade({ check: () => false, order: ['large', 'small'] }),
  complexity: () => complexity({ simple: 'small', reasoning: 'large' }),
  conditional: () => conditional({ rules: [{ when: { tag: 'x' }, use: 'c' }], otherwise: 'nowhere' }),
  geographic: () => geographic({ here: 'eu-central-1' }),
  'hybrid by cost': () => hybrid({ latency: 0, load: 0 }),
  semantic: () => semantic({ embeddingModel: 'e', routes: [{ use: 'large', examples: ['prove it'] }], otherwise: 'small', onError: () => undefined }),
  split: () => split({ shares: { small: 90, large: 10 }, by: 'user' }),
  'split by chance': () => split({ shares: { small: 0, nowhere: 1 } }),
};

for (const [name, make] of Object.entries(strategies)) {
  describe(name, () => {
    for (const { name: rule, run } of strategyContract(make)) it(rule, run);
  });
}

describe('the contract', () => {
  it('finds a strategy that picks who is not there, changes what it was given, or scores by nonsense', async () => {
    const stray = { id: 'z', provider: 'p', model: 'm' };
    const broken: Strategy[] = [
      { name: 'stray', pick: () => stray },
      { name: 'none', pick: (candidates) => candidates[5] as never },
      { name: 'nonsense', pick: ([first]) => first as never, score: () => Number.NaN },
      { name: 'with blanks', pick: ([first]) => first as never },
      { name: 'mute', pick: ([first]) => first as never, reason: () => ' ' },
    ];
    for (const strategy of broken) {
      const results = await Promise.allSettled(strategyContract(() => strategy).map(({ run }) => run()));
      expect([strategy.name, results.some(({ status }) => status === 'rejected')]).toEqual([strategy.name, true]);
    }
  });
});
