import type { Strategy } from '../../types/strategy.ts';
import { costBased } from './cost-based.ts';
import { fastestResponse } from './fastest-response.ts';
import { hybrid } from './hybrid.ts';
import { latencyBased } from './latency-based.ts';
import { leastBusy } from './least-busy.ts';
import { simpleShuffle } from './simple-shuffle.ts';
import { sticky } from './sticky.ts';
import { usageBased } from './usage-based.ts';

/** Strategies that need nothing said, by LiteLLM's names and the short ones people write for them. */
const STRATEGIES: Readonly<Record<string, () => Strategy>> = {
  'simple-shuffle': simpleShuffle,
  'least-busy': leastBusy,
  'usage-based-routing': usageBased,
  'usage-based-routing-v2': usageBased,
  'usage-based': usageBased,
  'latency-based-routing': () => latencyBased(),
  'latency-based': () => latencyBased(),
  'cost-based-routing': costBased,
  'cost-based': costBased,
  'fastest-response': fastestResponse,
  hybrid: () => hybrid(),
  sticky: () => sticky(),
};

export const NAMED_STRATEGIES: readonly string[] = Object.keys(STRATEGIES);

/** A strategy by its name in a configuration file. */
export function namedStrategy(name: string): Strategy | undefined {
  return Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name]?.() : undefined;
}
