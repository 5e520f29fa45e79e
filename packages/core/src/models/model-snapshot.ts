import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { Strategy } from '../types/strategy.ts';
import type { ModelMemory } from './model-memory.ts';
import { captureWildcard } from './wildcard.ts';

/** A name for other names: with several, all their deployments answer as one group. */
export type Alias = string | readonly string[] | { readonly to: string | readonly string[]; readonly isHidden?: boolean; readonly strategy?: Strategy };

export type Aliases = Readonly<Record<string, Alias>>;

/** Who answers to which name, at one moment. It never changes. */
export type ModelSnapshot = {
  /** The groups as configured; wildcard names included. */
  readonly groups: readonly ModelGroup[];
  /** Every configured name that is neither hidden nor blocked: groups, then aliases; wildcard names included. */
  readonly names: readonly string[];
  /** Exact name first, then alias, then a deployment's id, then the most specific wildcard. */
  resolve(name: string): ModelGroup | undefined;
};

/** Groups and aliases as they are from now on. What `memory` holds of the ones before, and is the same, stays the same object. */
export function modelSnapshot(configured: readonly ModelGroup[], aliases: Aliases, memory: ModelMemory): ModelSnapshot {
  const groups = configured.map((group) => memory.group(group));
  const exact = new Map(groups.map((group) => [group.name, group]));
  const patterns = groups.filter((group) => group.name.includes('*')).sort((a, b) => literalLength(b.name) - literalLength(a.name));
  const moment = {};
  memory.keepOnly(Object.keys(aliases), patterns);

  for (const [alias, target] of Object.entries(aliases)) {
    const { to, isHidden = false, strategy } = toAlias(target);
    const members = to.map((name) => exact.get(name) ?? resolveWildcard(name)).filter((group) => group !== undefined);
    const [only, ...others] = members;
    if (!only || exact.has(alias)) continue;
    exact.set(alias, others.length === 0 && !strategy ? only : memory.union(alias, members, { isHidden, ...(strategy && { strategy }) }));
  }
  for (const { deployments, name } of groups)
    for (const deployment of deployments) if (!exact.has(deployment.id) && !name.includes('*')) exact.set(deployment.id, memory.single(deployment));

  function resolveWildcard(name: string): ModelGroup | undefined {
    const known = memory.filled(name, moment);
    if (known) return known;
    for (const pattern of patterns) {
      const captures = captureWildcard(pattern.name, name);
      if (captures) return memory.fill(pattern, name, moment, (deployment) => fill(deployment, captures));
    }
    return undefined;
  }

  const shown = Object.keys(aliases).filter((alias) => !toAlias(aliases[alias] as Alias).isHidden);
  return {
    groups,
    names: [...new Set([...groups.filter(({ isHidden, isBlocked }) => !isHidden && !isBlocked).map(({ name }) => name), ...shown])],
    resolve: (name) => exact.get(name) ?? resolveWildcard(name),
  };
}

/** The targets of an alias, however it is written. */
export function toAlias(alias: Alias): { readonly to: readonly string[]; readonly isHidden?: boolean; readonly strategy?: Strategy } {
  if (typeof alias === 'string' || isList(alias)) return { to: [alias].flat() };
  return { ...alias, to: [alias.to].flat() };
}

function isList(alias: Alias): alias is readonly string[] {
  return Array.isArray(alias);
}

function literalLength(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

/** Each `*` in the provider's model name takes what the matching `*` of the group name stood for. */
function fill(deployment: Deployment, captures: readonly string[]): Deployment {
  let index = 0;
  return { ...deployment, model: deployment.model.replaceAll('*', () => captures[index++] ?? '') };
}
