import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';
import { canThink } from './messages.ts';

/** Tokens that a model may think; the others think as long as they like. */
const BUDGETS: Readonly<Record<string, number | undefined>> = { minimal: 512, low: 1024, medium: 4096, high: undefined, xhigh: undefined };

/** From `reasoning_effort`, or from `thinking` as Anthropic's callers write it. https://docs.cohere.com/docs/reasoning */
export function toThinking({ reasoning_effort: effort, thinking }: ChatRequest, model: string, refuse: Refuse): JsonObject {
  if (thinking !== undefined && thinking !== null) return fromThinking(thinking as JsonObject);
  if (typeof effort !== 'string' || effort === 'default') return {};
  if (!canThink(model)) {
    if (effort !== 'none') refuse('reasoning_effort', `'${model}' does not reason`);
    return {};
  }
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  if (Object.hasOwn(BUDGETS, effort)) return { thinking: { type: 'enabled', ...budget(BUDGETS[effort]) } };
  refuse('reasoning_effort', `'${effort}' is not known`);
  return {};
}

function fromThinking({ type, budget_tokens: tokens, token_budget: own = tokens }: JsonObject): JsonObject {
  if (type === 'disabled') return { thinking: { type } };
  return { thinking: { type: 'enabled', ...budget(own) } };
}

function budget(tokens: unknown): JsonObject {
  return typeof tokens === 'number' ? { token_budget: tokens } : {};
}
