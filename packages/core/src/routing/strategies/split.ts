import { defineStrategy } from '../define-strategy.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { type Owner, ownerOf } from './owner-of.ts';
import { prefer } from './prefer.ts';
import { stableShare } from './stable-hash.ts';

export type SplitOptions = {
  /** How much each arm gets, by the name of a group, a deployment or a model. Only their proportion matters. */
  readonly shares: Readonly<Record<string, number>>;
  /** Tells this split from others, so that who is in one arm here is not in the first arm everywhere. Default: its shares. */
  readonly name?: string;
  /** What keeps to its arm: a user, a conversation. Default: nothing does, and each call is drawn anew (a canary). */
  readonly by?: Owner | ((call: RoutedCall) => string | undefined);
};

/** Parts calls among groups: a canary by chance, or a test of A against B in which everybody keeps to their arm. */
export function split({ shares, by, name = JSON.stringify(shares) }: SplitOptions): Strategy {
  const arms = Object.entries(shares);
  const total = arms.reduce((sum, [, share]) => sum + share, 0);
  const drawn = new WeakMap<RoutedCall, string>();

  function armOf(call: RoutedCall): string {
    const known = drawn.get(call);
    if (known !== undefined) return known;
    const key = keyOf(call, by);
    let rest = (key === undefined ? call.random() : stableShare(`${name}\n${key}`)) * total;
    const arm = arms.find(([, share]) => (rest -= share) < 0)?.[0] ?? arms.at(-1)?.[0] ?? '';
    drawn.set(call, arm);
    return arm;
  }

  return defineStrategy({
    name: 'split',
    pick: (candidates, call) => prefer([armOf(call)], candidates, call),
    reason: (_, call) => `drawn for '${armOf(call)}'${by === undefined ? '' : ', and stays there'}`,
  });
}

function keyOf(call: RoutedCall, by: SplitOptions['by']): string | undefined {
  return typeof by === 'string' ? ownerOf(call, by) : by?.(call);
}
