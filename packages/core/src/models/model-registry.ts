import { LRUCache } from 'lru-cache';
import type { Deployment, ModelGroup } from '../types/model.ts';
import { captureWildcard } from './wildcard.ts';

/** Who answers to which name. */
export type ModelRegistry = {
  /** The groups as configured; wildcard names included. */
  readonly groups: readonly ModelGroup[];
  /** Exact name first, then the most specific wildcard. */
  resolve(name: string): ModelGroup | undefined;
};

const RESOLVED_WILDCARD_NAMES = 1000;

export function modelRegistry(groups: readonly ModelGroup[]): ModelRegistry {
  const exact = new Map(groups.map((group) => [group.name, group]));
  const patterns = groups.filter((group) => group.name.includes('*')).sort((a, b) => literalLength(b.name) - literalLength(a.name));
  // Bounded, because the names come from callers.
  const resolved = new LRUCache<string, ModelGroup>({ max: RESOLVED_WILDCARD_NAMES });

  function resolveWildcard(name: string): ModelGroup | undefined {
    for (const group of patterns) {
      const captures = captureWildcard(group.name, name);
      if (captures === undefined) continue;
      const concrete = { ...group, name, deployments: group.deployments.map((deployment) => fill(deployment, captures)) };
      resolved.set(name, concrete);
      return concrete;
    }
    return undefined;
  }

  return {
    groups,
    resolve: (name) => exact.get(name) ?? resolved.get(name) ?? resolveWildcard(name),
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
