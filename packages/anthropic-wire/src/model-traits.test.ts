import { expect, test } from 'vitest';
import { traitsOf } from './model-traits.ts';

test.each([
  ['claude-3-5-sonnet-20240620', false, 'none', true, true],
  ['claude-3-7-sonnet-latest', false, 'budget', true, true],
  ['claude-sonnet-4-20250514', false, 'budget', true, true],
  ['claude-opus-4-1-20250805', true, 'budget', true, true],
  ['claude-haiku-4-5', true, 'budget', true, true],
  ['claude-sonnet-4.6', true, 'adaptive', false, true],
  ['claude-opus-4-8', true, 'adaptive', false, false],
  ['claude-fable-5-1', true, 'adaptive', false, false],
  ['claude-of-tomorrow', true, 'adaptive', false, false],
  ['kimi-k2', false, 'budget', true, true],
] as const)('%s', (model, hasStructuredOutput, thinking, hasPrefix, hasSampling) => {
  expect(traitsOf({ model })).toEqual({ hasStructuredOutput, thinking, hasPrefix, hasSampling });
});

test('are those of the model behind a name that somebody made up', () => {
  expect(traitsOf({ model: 'mine', baseModel: 'claude-haiku-4-5' })).toEqual(traitsOf({ model: 'claude-haiku-4-5' }));
});
