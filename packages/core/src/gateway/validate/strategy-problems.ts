import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { toAlias } from '../../models/model-snapshot.ts';
import type { GatewayOptions } from '../options.ts';

/** What is wrong with who picks. Names of strategies are words of configuration files: code is given the strategy itself. */
export function strategyProblems({ models = [], aliases = {}, router = {} }: GatewayOptions): ConfigurationProblem[] {
  return [
    ...problemsOf('router.strategy', router.strategy),
    ...models.flatMap(({ strategy }, index) => problemsOf(`models[${index}].strategy`, strategy)),
    ...Object.entries(aliases).flatMap(([alias, target]) => problemsOf(`aliases.${alias}.strategy`, toAlias(target).strategy)),
  ];
}

function problemsOf(place: string, strategy: unknown): ConfigurationProblem[] {
  if (strategy === undefined || typeof (strategy as { pick?: unknown } | null)?.pick === 'function') return [];
  return [{ place, message: `${JSON.stringify(strategy)} is no strategy; @sluice/core/routing has them, such as leastBusy()` }];
}
