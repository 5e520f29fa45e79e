import type { Alias } from '@sluice/core';
import { checkNames, isKnown } from './known-names.ts';
import type { Findings } from './mistakes.ts';
import type { RouterSettings } from './schema/settings.ts';

type Written = string | string[] | { readonly model: string; readonly hidden?: boolean | undefined };

/**
 * Other names for models. A list that names models which are nowhere still stands for those that are there: such lists
 * are copied from longer files.
 */
export function toAliases({ model_group_alias: written = {} }: RouterSettings, known: readonly string[], findings: Findings): Record<string, Alias> {
  return Object.fromEntries(
    Object.entries(written).map(([alias, target]) => [alias, toAlias(target, withoutStrangers(alias, targetsOf(target), known, findings))]),
  );
}

function toAlias(target: Written, to: string | readonly string[]): Alias {
  return typeof target === 'object' && 'hidden' in target && target.hidden === true ? { to, isHidden: true } : to;
}

function targetsOf(target: Written): string | readonly string[] {
  return typeof target === 'string' || Array.isArray(target) ? target : target.model;
}

function withoutStrangers(alias: string, target: string | readonly string[], known: readonly string[], findings: Findings): string | readonly string[] {
  const path = ['router_settings', 'model_group_alias', alias];
  const there = [target].flat().filter((name) => isKnown(name, known));
  const strangers = [target].flat().filter((name) => !isKnown(name, known));
  if (there.length === 0)
    checkNames(
      strangers.map((name) => [path, name]),
      known,
      findings,
    );
  else for (const name of strangers) findings.note(path, `no model is named '${name}', so the alias is the others`);
  return Array.isArray(target) && there.length > 0 ? there : target;
}
