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

/** The fastest of all would draw every gateway's calls at once. */
const CHOICES = 3;

/**
 * The fastest of three picked at random, by what the last calls took and how many are waiting there. For streams it is
 * the time to the first token that counts.
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
      if (candidates.length === 1) return candidates[0] as Deployment;
      const [first, ...others] = drawn(candidates, call.random) as [Deployment, ...Deployment[]];
      return others.reduce((best, other) => (score(other, call) * (1 + buffer) < score(best, call) ? other : best), first);
    },
    score,
    reason: (deployment, call) => `the fastest of three: ${Math.round(score(deployment, call))} ms with what is under way`,
  });
}

/** So many, by their weights, each once. */
function drawn(candidates: readonly Deployment[], random: () => number): readonly Deployment[] {
  const left = [...candidates];
  const chosen: Deployment[] = [];
  while (left.length > 0 && chosen.length < CHOICES) {
    const one = byWeight(left, random);
    left.splice(left.indexOf(one), 1);
    chosen.push(one);
  }
  return chosen;
}
