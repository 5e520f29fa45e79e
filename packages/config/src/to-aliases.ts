import type { Alias, Strategy } from '@sluice/core';
import { checkNames, isKnown, type KnownNames } from './known-names.ts';
import type { Findings } from './mistakes.ts';
import type { RouterSettings } from './schema/settings.ts';
import { strategyOf } from './to-strategy.ts';

type Written = NonNullable<RouterSettings['model_group_alias']>[string];

/**
 * Other names for models. A list that names models which are nowhere still stands for those that are there: such lists
 * are copied from longer files.
 */
export function toAliases({ model_group_alias: written = {} }: RouterSettings, known: KnownNames, findings: Findings): Record<string, Alias> {
  return Object.fromEntries(
    Object.entries(written).map(([alias, target]) => {
      const to = withoutStrangers(alias, targetsOf(target), known, findings);
      const isPlain = typeof target === 'string' || Array.isArray(target);
      const strategy =
        isPlain || target.routing_strategy === undefined
          ? undefined
          : strategyOf(target, { path: ['router_settings', 'model_group_alias', alias], known }, findings);
      return [alias, toAlias(to, { isHidden: !isPlain && target.hidden === true, strategy })];
    }),
  );
}

function toAlias(to: string | readonly string[], { isHidden, strategy }: { readonly isHidden: boolean; readonly strategy: Strategy | undefined }): Alias {
  return isHidden || strategy ? { to, ...(isHidden && { isHidden }), ...(strategy && { strategy }) } : to;
}

function targetsOf(target: Written): string | readonly string[] {
  return typeof target === 'string' || Array.isArray(target) ? target : target.model;
}

function withoutStrangers(alias: string, target: string | readonly string[], known: KnownNames, findings: Findings): string | readonly string[] {
  const path = ['router_settings', 'model_group_alias', alias];
  const there = [target].flat().filter((name) => isKnown(name, known));
  const strangers = [target].flat().filter((name) => !isKnown(name, known));
  if (there.length === 0 || known.mayGrow)
    checkNames(
      strangers.map((name) => [path, name]),
      known,
      findings,
    );
  else for (const name of strangers) findings.note(path, `no model is named '${name}', so the alias is the others`);
  return Array.isArray(target) && there.length > 0 && !known.mayGrow ? there : target;
}
