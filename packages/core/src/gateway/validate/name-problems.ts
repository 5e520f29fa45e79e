import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { toAlias } from '../../models/model-snapshot.ts';
import { matchesWildcard } from '../../models/wildcard.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { GatewayOptions } from '../options.ts';

/** Models that are named where calls may go, and that nobody is. */
export function nameProblems({ models = [], aliases = {}, router = {} }: GatewayOptions): ConfigurationProblem[] {
  const groups = models.map(({ name }) => name);
  const names = [...groups, ...Object.keys(aliases)];
  return [
    ...models.flatMap((group, index) => groupProblems(group, `models[${index}]`, names)),
    ...Object.entries(aliases).flatMap(([alias, targets]) => unknownGroups(`aliases.${alias}`, toAlias(targets).to, groups)),
    ...unknownGroups('router.defaultFallbacks', router.defaultFallbacks ?? [], names),
    ...unknownGroups('router.defaultGroup', router.defaultGroup === undefined ? [] : [router.defaultGroup], names),
  ];
}

function groupProblems(group: ModelGroup, place: string, names: readonly string[]): ConfigurationProblem[] {
  const { deployments, mirror, fallbacks = [], contextFallbacks = [], contentPolicyFallbacks = [] } = group;
  return [
    ...deployments.flatMap(({ healthCheck }, index) => {
      const { model } = healthCheck || {};
      return unknownGroups(`${place}.deployments[${index}].healthCheck.model`, model === undefined ? [] : [model], names);
    }),
    ...unknownGroups(`${place}.mirror.to`, mirror ? [mirror.to] : [], names),
    ...unknownGroups(`${place}.fallbacks`, fallbacks, names),
    ...unknownGroups(`${place}.contextFallbacks`, contextFallbacks, names),
    ...unknownGroups(`${place}.contentPolicyFallbacks`, contentPolicyFallbacks, names),
  ];
}

function unknownGroups(place: string, targets: readonly string[], names: readonly string[]): ConfigurationProblem[] {
  return targets
    .filter((target) => !names.some((name) => matchesWildcard(name, target)))
    .map((target) => {
      const suggestion = didYouMean(target, names);
      return { place, message: `no model is named '${target}'.`, ...(suggestion === undefined ? {} : { suggestion }) };
    });
}
