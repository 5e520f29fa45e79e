import { defineStrategy } from '../define-strategy.ts';
import { formatUsd } from '../../pricing/money.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';

/** Where this call is expected to cost the least: its own input and its own limit to the output, at each price. */
export function costBased(): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number | undefined => call.costAt(deployment);
  return defineStrategy({
    name: 'cost-based-routing',
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason(deployment, call) {
      const cost = score(deployment, call);
      return cost === undefined ? 'nobody has a price' : `the least expected cost, ${formatUsd(cost)} USD`;
    },
  });
}
