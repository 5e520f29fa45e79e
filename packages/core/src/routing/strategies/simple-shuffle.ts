import { defineStrategy } from '../define-strategy.ts';
import type { Strategy } from '../../types/strategy.ts';
import { byWeight } from './by-weight.ts';

/** At random, by weight. What routers do that were told nothing. */
export function simpleShuffle(): Strategy {
  return defineStrategy({
    name: 'simple-shuffle',
    pick: (candidates, { random }) => byWeight(candidates, random),
    reason: () => 'at random, by weight',
  });
}
