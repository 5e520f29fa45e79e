import type { JsonObject, ModelRequest, Refuse } from '@sluice/core';
import type { ModelTraits } from '../model-traits.ts';

type Limits = { readonly maxTokens: number | undefined; readonly refuse: Refuse };

/** Tokens to think with, for models that are told a number. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 2048, high: 4096, xhigh: 8192, max: 16_384 };
const LEAST_BUDGET = 1024;
/** Something has to be left for the answer. */
const MOST_OF_OUTPUT = 0.75;
const CLAUDE_EFFORTS: Readonly<Record<string, string>> = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'max' };
/** https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html */
const NOVA_EFFORTS: Readonly<Record<string, string>> = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' };

/** How much the model is to think, in the fields of its maker: as the caller's `thinking` says, else by `reasoning_effort`. */
export function toThinking({ thinking, reasoning_effort: effort }: ModelRequest, traits: ModelTraits, limits: Limits): JsonObject {
  if (isObject(thinking)) return ofClaude(thinking, traits, limits);
  if (effort === undefined || effort === null) return {};
  if (typeof effort !== 'string' || (effort !== 'none' && !(effort in BUDGETS))) {
    limits.refuse('reasoning_effort', `it knows none, ${Object.keys(BUDGETS).join(', ')}`);
    return {};
  }
  return byEffort(effort, traits, limits);
}

function ofClaude(thinking: JsonObject, { thinking: way }: ModelTraits, { refuse }: Limits): JsonObject {
  if (way === 'adaptive' || way === 'budget') return { thinking };
  if (thinking.type !== 'disabled') refuse('thinking', 'the model does not take it');
  return {};
}

function byEffort(effort: string, { thinking: way }: ModelTraits, { maxTokens, refuse }: Limits): JsonObject {
  switch (way) {
    case 'adaptive':
      return effort === 'none' ? { thinking: { type: 'disabled' } } : { thinking: { type: 'adaptive' }, output_config: { effort: CLAUDE_EFFORTS[effort] } };
    case 'budget':
      return effort === 'none' ? {} : withBudget(BUDGETS[effort] ?? LEAST_BUDGET, maxTokens);
    case 'nova':
      return { reasoningConfig: effort === 'none' ? { type: 'disabled' } : { type: 'enabled', maxReasoningEffort: NOVA_EFFORTS[effort] } };
    case 'effort':
      return { reasoning_effort: effort };
    case 'none':
      if (effort !== 'none') refuse('reasoning_effort', 'the model does not take it');
      return {};
  }
}

/** Thoughts count as output, so a budget takes three quarters of the limit at most, and where that leaves too little there are none. */
function withBudget(wanted: number, maxTokens = Number.POSITIVE_INFINITY): JsonObject {
  const budget = Math.min(wanted, Math.max(LEAST_BUDGET, Math.floor(maxTokens * MOST_OF_OUTPUT)));
  return budget >= maxTokens ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
}

export function isThinking({ thinking }: JsonObject): boolean {
  return isObject(thinking) && thinking.type !== 'disabled';
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object';
}
