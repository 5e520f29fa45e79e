import type { Deployment } from '../../types/model.ts';
import type { RoutedCall } from '../../types/strategy.ts';
import { byWeight } from './by-weight.ts';

/** The candidate with the lowest score, by weight among equals; one without a score comes last. */
export function lowest(
  candidates: readonly Deployment[],
  call: RoutedCall,
  score: (deployment: Deployment, call: RoutedCall) => number | undefined,
): Deployment {
  let best = Number.POSITIVE_INFINITY;
  let winners: Deployment[] = [];
  for (const deployment of candidates) {
    const own = score(deployment, call) ?? Number.POSITIVE_INFINITY;
    if (own > best) continue;
    if (own < best) winners = [];
    best = own;
    winners.push(deployment);
  }
  return byWeight(winners.length > 0 ? winners : candidates, call.random);
}
