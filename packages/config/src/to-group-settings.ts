import { type ModelGroup, toNanoUsd } from '@sluice/core';
import type { KnownNames } from './known-names.ts';
import { checkNames } from './known-names.ts';
import type { Findings } from './mistakes.ts';
import type { Mirror } from './schema/group-settings.ts';
import type { RouterSettings } from './schema/settings.ts';
import { toHedge } from './to-hedge.ts';
import { strategyOf } from './to-strategy.ts';

type All = RouterSettings['model_group_settings'];
type Own = Omit<ModelGroup, 'name' | 'deployments'>;

/** What holds for single models. Settings are for models of the list; for others they would never come into play. */
export function toGroupSettings(
  all: All = {},
  { groups, known }: { readonly groups: readonly ModelGroup[]; readonly known: KnownNames },
  findings: Findings,
): (group: ModelGroup) => Own {
  const section = ['router_settings', 'model_group_settings'];
  const names = groups.map(({ name }) => name);
  checkNames(
    Object.keys(all).map((name) => [[...section, name], name]),
    { names, mayGrow: false },
    findings,
  );
  const made = new Map<string, Own>();
  for (const [name, settings] of Object.entries(all)) {
    const path = [...section, name];
    const { hedge, resume, mirror, hidden, blocked, num_retries: retries } = settings;
    const strategy = strategyOf(settings, { path, known }, findings);
    if (mirror) checkNames([[[...path, 'mirror', 'to'], mirror.to]], known, findings);
    const silent = groups.find((group) => group.name === name)?.mirror?.to;
    if (mirror && silent !== undefined && silent !== mirror.to)
      findings.mistake([...path, 'mirror', 'to'], `'${name}' has the silent model '${silent}' already`);
    made.set(name, {
      ...(strategy && { strategy }),
      ...(hedge !== undefined && { hedge: hedge && toHedge(hedge) }),
      ...(resume !== undefined && { resume }),
      ...(mirror && { mirror: toMirror(mirror) }),
      ...(hidden && { isHidden: true }),
      ...(blocked && { isBlocked: true }),
      ...(retries !== undefined && { retries }),
    });
  }
  return ({ name }) => made.get(name) ?? {};
}

function toMirror({ to, percent, max_parallel_requests: parallelCalls, max_budget: budget, budget_duration: length }: Mirror): NonNullable<Own['mirror']> {
  return {
    to,
    ...(percent !== undefined && { percent }),
    ...(parallelCalls !== undefined && { parallelCalls }),
    ...(budget !== undefined && { budgetNanoUsd: toNanoUsd(budget) }),
    ...(length !== undefined && { budgetWindow: { length } }),
  };
}
