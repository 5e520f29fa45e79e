import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedAnswer, RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';

/** What an answer has to be. All that is said has to hold. */
export type AnswerCheck = {
  readonly minCharacters?: number;
  /** Parses as JSON. */
  readonly json?: boolean;
  /** Phrases that give away an answer that is none, such as `I cannot`, in any case. */
  readonly without?: readonly string[];
  /** Ended by itself, and not at a limit or in a filter. Default true. */
  readonly complete?: boolean;
};

export type CascadeOptions = {
  /** Whether an answer will do. */
  readonly check: AnswerCheck | ((answer: RoutedAnswer, call: RoutedCall) => boolean | Promise<boolean>);
  /** Groups, deployments or models in the order they are asked. Default: by what the call is expected to cost. */
  readonly order?: readonly string[];
};

/**
 * The cheapest first, and a dearer one when its answer will not do. Every answer is paid for; the caller gets the last
 * one. A stream is held back until it was judged.
 */
export function cascade({ check, order }: CascadeOptions): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number | undefined => {
    if (!order) return call.costAt(deployment);
    const at = order.findIndex((name) => call.isNamed(deployment, name));
    return at < 0 ? undefined : at;
  };
  return defineStrategy({
    name: 'cascade',
    mayAskAll: true,
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason: () => 'the first of the cascade; a dearer one is asked when its answer will not do',
    accepts: typeof check === 'function' ? check : (answer) => passes(answer, check),
  });
}

function passes({ text, finishReason }: RoutedAnswer, { minCharacters = 0, json = false, without = [], complete = true }: AnswerCheck): boolean {
  if (complete && (finishReason === 'length' || finishReason === 'content_filter')) return false;
  // An answer by a tool has no text, and is one.
  if (finishReason === 'tool_calls') return true;
  const lower = text.toLowerCase();
  return text.trim().length >= minCharacters && !without.some((phrase) => lower.includes(phrase.toLowerCase())) && (!json || isJson(text));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
