import { LRUCache } from 'lru-cache';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { Strategy } from '../types/strategy.ts';
import { captureWildcard } from './wildcard.ts';

/** A name for other names: with several, all their deployments answer as one group. */
export type Alias = string | readonly string[] | { readonly to: string | readonly string[]; readonly isHidden?: boolean; readonly strategy?: Strategy };

export type Aliases = Readonly<Record<string, Alias>>;

/** Who answers to which name. */
export type ModelRegistry = {
  /** The groups as configured; wildcard names included. */
  readonly groups: readonly ModelGroup[];
  /** Every configured name that is not hidden: groups, then aliases; wildcard names included. */
  readonly names: readonly string[];
  /** Exact name first, then alias, then a deployment's id, then the most specific wildcard. */
  resolve(name: string): ModelGroup | undefined;
};

const RESOLVED_WILDCARD_NAMES = 1000;

/** Adds what is known of a deployment, as soon as its provider's name for the model is. */
export type Complete = (deployment: Deployment) => Deployment;

export function modelRegistry(configured: readonly ModelGroup[], aliases: Aliases = {}, complete: Complete = (deployment) => deployment): ModelRegistry {
  const groups = completed(configured, complete);
  const exact = new Map(groups.map((group) => [group.name, group]));
  const patterns = groups.filter((group) => group.name.includes('*')).sort((a, b) => literalLength(b.name) - literalLength(a.name));
  // Bounded, because the names come from callers.
  const resolved = new LRUCache<string, ModelGroup>({ max: RESOLVED_WILDCARD_NAMES });

  for (const [alias, target] of Object.entries(aliases)) {
    const { to, isHidden = false, strategy } = toAlias(target);
    const members = to.map((name) => exact.get(name) ?? resolveWildcard(name)).filter((group) => group !== undefined);
    const [only, ...others] = members;
    if (!only || exact.has(alias)) continue;
    exact.set(alias, others.length === 0 && !strategy ? only : union(alias, members, { isHidden, ...(strategy && { strategy }) }));
  }
  for (const { deployments, name } of groups)
    for (const deployment of deployments)
      if (!exact.has(deployment.id) && !name.includes('*')) exact.set(deployment.id, { name: deployment.id, deployments: [deployment] });

  function resolveWildcard(name: string): ModelGroup | undefined {
    for (const group of patterns) {
      const captures = captureWildcard(group.name, name);
      if (captures === undefined) continue;
      const concrete = { ...group, name, deployments: group.deployments.map((deployment) => complete(fill(deployment, captures))) };
      resolved.set(name, concrete);
      return concrete;
    }
    return undefined;
  }

  const shown = Object.keys(aliases).filter((alias) => !toAlias(aliases[alias] as Alias).isHidden);
  return {
    groups,
    names: [...new Set([...groups.filter(({ isHidden }) => !isHidden).map(({ name }) => name), ...shown])],
    resolve: (name) => exact.get(name) ?? resolved.get(name) ?? resolveWildcard(name),
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

/** A deployment that stands in several groups stays one and the same. Names with a gap wait until it is filled. */
function completed(groups: readonly ModelGroup[], complete: Complete): ModelGroup[] {
  const done = new Map<Deployment, Deployment>();
  const once = (deployment: Deployment): Deployment => {
    const known = done.get(deployment) ?? complete(deployment);
    done.set(deployment, known);
    return known;
  };
  return groups.map((group) => (group.name.includes('*') ? group : { ...group, deployments: group.deployments.map(once) }));
}

/** Every deployment of `members` as one group. What they fall back to stays, but for the members themselves. */
function union(name: string, members: readonly ModelGroup[], more: Pick<ModelGroup, 'isHidden' | 'strategy'>): ModelGroup {
  const inside = new Set(members.map((group) => group.name));
  return {
    ...more,
    name,
    deployments: [...new Set(members.flatMap((group) => group.deployments))],
    fallbacks: [...new Set(members.flatMap((group) => group.fallbacks ?? []))].filter((fallback) => !inside.has(fallback)),
  };
}

function literalLength(pattern: string): number {
  return pattern.replaceAll('*', '').length;
}

/** Each `*` in the provider's model name takes what the matching `*` of the group name stood for. */
function fill(deployment: Deployment, captures: readonly string[]): Deployment {
  let index = 0;
  return { ...deployment, model: deployment.model.replaceAll('*', () => captures[index++] ?? '') };
}
