import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';
import { type Owner, ownerOf } from './owner-of.ts';
import { stableShare } from './stable-hash.ts';

export type StickyOptions = {
  /** What has to stay in one place. Default: the conversation (`session`), so that providers find their prompt caches filled. */
  readonly by?: Owner | ((call: RoutedCall) => string);
};

/**
 * Keeps what belongs together at one deployment, by weight, on every instance and without keeping anything. When a
 * deployment comes or goes only its own share moves (rendezvous hashing); one that fails gives way for that call.
 */
export function sticky({ by = 'session' }: StickyOptions = {}): Strategy {
  const keyOf = (call: RoutedCall): string => (typeof by === 'string' ? (ownerOf(call, by) ?? call.session) : by(call));
  const score = ({ id, weight = 1 }: Deployment, call: RoutedCall): number =>
    weight > 0 ? -Math.log(stableShare(`${id}\n${keyOf(call)}`)) / weight : Number.POSITIVE_INFINITY;
  return defineStrategy({
    name: 'sticky',
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason: () => (by === 'session' ? 'this conversation belongs there' : 'what belongs together is kept there'),
  });
}
