import type { Strategy } from '../types/strategy.ts';

/** Types a strategy as it is written. */
export function defineStrategy(strategy: Strategy): Strategy {
  return strategy;
}
