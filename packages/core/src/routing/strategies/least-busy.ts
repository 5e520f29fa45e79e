import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';

/** Where the fewest calls are under way, streams until their last byte. */
export function leastBusy(): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number => call.loadOf(deployment).inFlight;
  return defineStrategy({
    name: 'least-busy',
    isMeasured: true,
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason: (deployment, call) => `${score(deployment, call)} calls under way, the fewest`,
  });
}
