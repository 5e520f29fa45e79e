import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';

/** How much each side of a deployment counts. Only their proportion matters. */
export type HybridWeights = {
  readonly latency?: number;
  readonly cost?: number;
  readonly load?: number;
};

/**
 * Weighs speed, cost and load against each other. By proportion and not by amount: twice as slow is outweighed by half
 * as dear when both count the same, whatever the units.
 */
export function hybrid({ latency = 1, cost = 1, load = 1 }: HybridWeights = {}): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number => {
    const { firstTokenMs, answerMs, inFlight } = call.loadOf(deployment);
    const ms = (call.isStream ? firstTokenMs : answerMs) ?? firstTokenMs ?? answerMs ?? 1;
    const nanoUsd = call.costAt(deployment);
    const dear = nanoUsd === undefined ? Math.log(Number.MAX_SAFE_INTEGER) : Math.log(1 + nanoUsd);
    return latency * Math.log(1 + ms) + cost * dear + load * Math.log(1 + inFlight);
  };
  return defineStrategy({
    name: 'hybrid',
    isMeasured: true,
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason: () => `latency, cost and load as ${latency} to ${cost} to ${load}`,
  });
}
