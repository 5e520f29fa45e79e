import { defineStrategy } from '../define-strategy.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { type Condition, toPredicate } from './condition.ts';
import { prefer } from './prefer.ts';

export type RoutingRule = {
  /** For the explanation. Default: its number. */
  readonly name?: string;
  readonly when: Condition | ((call: RoutedCall) => boolean);
  /** A group, a deployment or a model; with several the next one when the first cannot. */
  readonly use: string | readonly string[];
};

export type ConditionalOptions = {
  /** The first that holds decides. */
  readonly rules: readonly RoutingRule[];
  /** Default: any candidate. */
  readonly otherwise?: string | readonly string[];
};

/** Goes by what is said of the call: its metadata, headers and tags, who makes it, and what it asks for. */
export function conditional({ rules, otherwise = [] }: ConditionalOptions): Strategy {
  const ready = rules.map(({ name, when, use }, index) => ({
    name: name ?? `rule ${index + 1}`,
    holds: typeof when === 'function' ? when : toPredicate(when, `rules[${index}].when`),
    use: [use].flat(),
  }));
  const ruleFor = (call: RoutedCall) => ready.find(({ holds }) => holds(call));
  return defineStrategy({
    name: 'conditional',
    pick: (candidates, call) => prefer([...(ruleFor(call)?.use ?? []), ...[otherwise].flat()], candidates, call),
    reason: (_, call) => ruleFor(call)?.name ?? 'no rule holds',
  });
}
