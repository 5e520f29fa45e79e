import type { Strategy } from '../../types/strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { byWeight } from './by-weight.ts';

/**
 * Asks all of a group at the same time, and the first to answer wins. Each is paid for. A call that may not be repeated
 * is answered by one of them.
 */
export function fastestResponse(): Strategy {
  return defineStrategy({
    name: 'fastest-response',
    asksAll: true,
    mayAskAll: true,
    pick: (candidates, { random }) => byWeight(candidates, random),
    reason: () => 'all are asked at the same time, and the first to answer wins',
  });
}
