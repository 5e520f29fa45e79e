import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';

/** Google's own reading of OpenAI's words. https://ai.google.dev/gemini-api/docs/openai#thinking */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576, xhigh: 24_576 };
const LEVELS: Readonly<Record<string, string>> = { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', xhigh: 'high' };

/** What the model is to think, from `reasoning_effort` or from `thinking` as Anthropic's callers write it; as `thinkingConfig`. */
export function toThinking({ reasoning_effort: effort, thinking }: ChatRequest, model: string, refuse: Refuse): JsonObject | undefined {
  if (thinking !== undefined && thinking !== null) return fromBudget(thinking as JsonObject, model, refuse);
  if (typeof effort !== 'string' || effort === 'default') return undefined;
  if (effort !== 'none' && !Object.hasOwn(BUDGETS, effort)) return refuse('reasoning_effort', `'${effort}' is not known`) as undefined;
  if (!canThink(model)) return effort === 'none' ? undefined : (refuse('reasoning_effort', `'${model}' does not reason`) as undefined);
  if (effort === 'none') return toNoThinking(model, refuse, 'reasoning_effort');
  return usesLevels(model) ? { thinkingLevel: toLevel(effort, model), includeThoughts: true } : { thinkingBudget: BUDGETS[effort], includeThoughts: true };
}

function fromBudget({ type, budget_tokens: budget }: JsonObject, model: string, refuse: Refuse): JsonObject | undefined {
  if (!canThink(model)) return type === 'disabled' ? undefined : (refuse('thinking', `'${model}' does not reason`) as undefined);
  if (type === 'disabled') return toNoThinking(model, refuse, 'thinking');
  return { ...(typeof budget === 'number' && { thinkingBudget: budget }), includeThoughts: true };
}

/** The large models always think; small ones of the third generation think least at their lowest level. */
function toNoThinking(model: string, refuse: Refuse, param: string): JsonObject | undefined {
  if (/pro/.test(model)) return refuse(param, `'${model}' cannot answer without reasoning`) as undefined;
  return usesLevels(model) ? { thinkingLevel: 'minimal' } : { thinkingBudget: 0 };
}

/** The large model knows neither the lowest level nor, in its first edition, the middle one. https://ai.google.dev/gemini-api/docs/thinking */
function toLevel(effort: string, model: string): string | undefined {
  if (/pro/.test(model) && effort === 'minimal') return 'low';
  if (/gemini-3-pro/.test(model) && effort === 'medium') return 'high';
  return LEVELS[effort];
}

function canThink(model: string): boolean {
  return !/gemini-(?:1|2\.0)|gemma/.test(model) || /thinking/.test(model);
}

/** From the third generation on; the ones before count tokens. */
export function usesLevels(model: string): boolean {
  return Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3;
}
