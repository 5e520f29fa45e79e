import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { byWeight } from './by-weight.ts';

export type LatencyOptions = {
  /** By which share another one has to be faster to be picked in place of the first. Default 0. */
  readonly buffer?: number;
};

/** A deployment that nobody has heard of yet is tried by one call, and counts as this slow while that one is under way. */
const UNKNOWN_MS = 60_000;

/**
 * The faster of two picked at random, by what the last calls took and how many are waiting there. Two, because the
 * fastest of all would draw every call at once. For streams it is the time to the first token that counts.
 */
export function latencyBased({ buffer = 0 }: LatencyOptions = {}): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number => {
    const { firstTokenMs, answerMs, inFlight } = call.loadOf(deployment);
    const ms = (call.isStream ? (firstTokenMs ?? answerMs) : (answerMs ?? firstTokenMs)) ?? (inFlight === 0 ? 0 : UNKNOWN_MS);
    return ms * (inFlight + 1);
  };
  return defineStrategy({
    name: 'latency-based-routing',
    isMeasured: true,
    pick(candidates, call) {
      const one = byWeight(candidates, call.random);
      if (candidates.length === 1) return one;
      const other = byWeight(
        candidates.filter((candidate) => candidate !== one),
        call.random,
      );
      return score(other, call) * (1 + buffer) < score(one, call) ? other : one;
    },
    score,
    reason: (deployment, call) => `the faster of two: ${Math.round(score(deployment, call))} ms with what is under way`,
  });
}
