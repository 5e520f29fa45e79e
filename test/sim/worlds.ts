import type { Price } from '@sluice/core';
import type { SimulatedModel } from './scenario.ts';

/** USD for a million tokens. */
export function price(input: number, output: number, cachedInput = input): Price {
  return { input: input * 1e9, output: output * 1e9, cachedInput: cachedInput * 1e9 };
}

export const MINUTE_MS = 60_000;

/** Whether it is the turn of this one of several: every four minutes one of them has a bad minute. */
export function hasBadMinute(now: number, turn: number, of: number): boolean {
  const round = Math.floor(now / (4 * MINUTE_MS));
  return now % (4 * MINUTE_MS) < MINUTE_MS && round % of === turn;
}

/** Alike in everything, but what `more` says of each. */
export function alike(count: number, more: (index: number) => Partial<SimulatedModel> & Pick<SimulatedModel, 'nature'>): SimulatedModel[] {
  return Array.from({ length: count }, (_, index) => ({ id: `d${index}`, price: price(1, 4), ...more(index) }));
}
