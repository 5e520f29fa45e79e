import { describe, expect, test } from 'vitest';
import { modelRegistry } from '../models/model-registry.ts';
import { policyNamer } from './name-policy.ts';

const models = modelRegistry([
  { name: 'gpt-4o', deployments: [] },
  { name: 'claude-*', deployments: [] },
]);
const namer = () => policyNamer(models, ['keywords']);

describe('policies', () => {
  test('are named by what they demand, whatever the order and the neighbours', () => {
    const first = namer()({ models: ['gpt-4o'], limits: { requestsPerMinute: 5, tokensPerMinute: 100 } });
    const other = namer();
    other({ models: ['claude-x'] });
    const again = other({ limits: { tokensPerMinute: 100, requestsPerMinute: 5 }, models: ['gpt-4o'] });
    expect(again.name).toBe(first.name);
  });

  test('that demand different things have different names', () => {
    const name = namer();
    const names = [
      name({ models: ['gpt-4o'] }),
      name({ models: ['claude-x'] }),
      name({ limits: { requestsPerMinute: 1 } }),
      name({ limits: { requestsPerMinute: 2 } }),
    ].map((policy) => policy.name);
    expect(new Set(names).size).toBe(4);
  });

  test('that demand the same do not share their counters unless they share a name', () => {
    const name = namer();
    expect(name({ budgetNanoUsd: 5 }).name).not.toBe(name({ budgetNanoUsd: 5 }).name);
    expect(name({ name: 'guests', budgetNanoUsd: 5 }).name).toBe('guests');
  });

  test('name every model and guardrail that is not there, with a suggestion', () => {
    expect(() => namer()({ models: ['gpt-4', 'claude-*'], guardrails: ['keyword'] })).toThrow(
      "Sluice cannot start:\n  policy.models[0]: No model is named 'gpt-4'. Did you mean 'gpt-4o'?\n  policy.guardrails[0]: No guardrail is named 'keyword'. Did you mean 'keywords'?",
    );
  });

  test('name every demand that is misspelt or cannot be kept', () => {
    const demands: object = { model: ['gpt-4o'], budget: 1, budgetNanoUsd: 0.5, limits: { parallelCall: 1, requestsPerMinute: -1 } };
    expect(() => namer()(demands)).toThrow(
      [
        'Sluice cannot start:',
        "policy.model: is not an option. Did you mean 'models'?",
        'policy.budget: is not an option.',
        "policy.limits.parallelCall: is not an option. Did you mean 'parallelCalls'?",
        'policy.limits.requestsPerMinute: -1 is not a whole number of 0 or more',
        'policy.budgetNanoUsd: 0.5 is not a whole number of 0 or more',
      ].join('\n  '),
    );
  });
});
