import type { JsonObject, ModelRequest, Refuse } from '@sluice/core';
import type { ModelTraits } from '../model-traits.ts';

type Limits = { readonly maxTokens: number; readonly refuse: Refuse };

export type Thinking = { readonly thinking?: unknown; readonly effort?: string };

/** Tokens to think with, for models that are told a number. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 2048, high: 4096, xhigh: 8192, max: 16_384 };
const LEAST_BUDGET = 1024;
/** Something has to be left for the answer. */
const MOST_OF_OUTPUT = 0.75;
const EFFORTS: Readonly<Record<string, string>> = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'xhigh', max: 'max' };

/**
 * How much the model is to think: as the caller's `thinking` says, else by `reasoning_effort`. Thoughts count as output,
 * so a budget takes three quarters of the limit at most, and where that leaves too little there are none.
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export function toThinking({ thinking, reasoning_effort: effort }: ModelRequest, traits: ModelTraits, limits: Limits): Thinking {
  if (isObject(thinking)) return isWithoutMeasure(thinking) ? byEffort('medium', traits, limits) : { thinking };
  if (effort === undefined || effort === null) return {};
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  return byEffort(effort, traits, limits);
}

function byEffort(effort: unknown, traits: ModelTraits, limits: Limits): Thinking {
  if (typeof effort !== 'string' || !(effort in BUDGETS)) {
    limits.refuse('reasoning_effort', `it knows ${Object.keys(BUDGETS).join(', ')}`);
    return {};
  }
  if (traits.thinking === 'adaptive') return { thinking: { type: 'adaptive' }, effort: EFFORTS[effort] ?? effort };
  const most = Math.max(LEAST_BUDGET, Math.floor(limits.maxTokens * MOST_OF_OUTPUT));
  const budget = Math.min(BUDGETS[effort] ?? LEAST_BUDGET, most);
  return budget >= limits.maxTokens ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
}

/** As hosts take it that have no budgets. */
function isWithoutMeasure({ type, budget_tokens: budget }: JsonObject): boolean {
  return type === 'enabled' && budget === undefined;
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object';
}

export function isThinking({ thinking }: Thinking): boolean {
  return thinking !== undefined && (thinking as JsonObject).type !== 'disabled';
}

/** What thoughts take of the output, where their number is known. */
export function budgetOf({ thinking }: Thinking): number {
  const budget = (thinking as JsonObject | undefined)?.budget_tokens;
  return typeof budget === 'number' ? budget : 0;
}
