import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import type { ProviderPreference } from '../provider-preference.ts';
import { lowest } from './lowest.ts';
import { byWeight } from './by-weight.ts';

/** Providers in the order a caller wants them, then by what the caller sorts by, else as the group does. */
export function byPreference({ order = [], sort }: ProviderPreference, otherwise: Strategy | undefined): Strategy {
  const rank = ({ provider }: Deployment): number => (order.includes(provider) ? order.indexOf(provider) : order.length);
  const score = (deployment: Deployment, call: RoutedCall): number | undefined => {
    const { firstTokenMs, answerMs } = call.loadOf(deployment);
    switch (sort) {
      case 'price':
        return call.costAt(deployment);
      case 'latency':
        return firstTokenMs ?? answerMs;
      case 'throughput':
        return answerMs ?? firstTokenMs;
      default:
        return undefined;
    }
  };
  return {
    name: 'preference',
    isMeasured: sort === 'latency' || sort === 'throughput' || otherwise?.isMeasured === true,
    pick(candidates, call) {
      const best = Math.min(...candidates.map(rank));
      const wanted = candidates.filter((deployment) => rank(deployment) === best);
      if (sort !== undefined) return lowest(wanted, call, score);
      return otherwise ? otherwise.pick(wanted, call) : byWeight(wanted, call.random);
    },
    score: (deployment, call) => (sort === undefined ? rank(deployment) : score(deployment, call)),
    reason: () =>
      [...(order.length > 0 ? [`the caller wants ${order.join(', then ')}`] : []), ...(sort ? [`sorted by ${sort}`] : [])].join(', ') || 'as the caller wants',
  };
}
