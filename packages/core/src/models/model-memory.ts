import { LRUCache } from 'lru-cache';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';

/** Adds what is known of a deployment, as soon as its provider's name for the model is. */
export type Complete = (deployment: Deployment) => Deployment;

const FILLED_NAMES = 1000;

type Union = { readonly members: readonly ModelGroup[]; readonly more: Pick<ModelGroup, 'isHidden' | 'strategy'>; readonly group: ModelGroup };

/**
 * What was made of groups and deployments, so that a change elsewhere makes nothing of them anew: routing knows each
 * by its object, and what nobody refers to any more is collected with all that is known of it.
 */
export class ModelMemory {
  readonly #complete: Complete;
  readonly #deployments = new WeakMap<Deployment, Deployment>();
  readonly #groups = new WeakMap<ModelGroup, ModelGroup>();
  readonly #singles = new WeakMap<Deployment, ModelGroup>();
  readonly #unions = new Map<string, Union>();
  // Bounded, because the names come from callers. Who a name stood for is asked again after each change.
  readonly #filled = new LRUCache<string, { moment: object; readonly pattern: ModelGroup; readonly group: ModelGroup }>({ max: FILLED_NAMES });

  constructor(complete: Complete) {
    this.#complete = complete;
  }

  /** Forgets what aliases and wildcards made that are no longer there. */
  keepOnly(aliases: readonly string[], patterns: readonly ModelGroup[]): void {
    for (const alias of this.#unions.keys()) if (!aliases.includes(alias)) this.#unions.delete(alias);
    for (const [name, { pattern }] of this.#filled.entries()) if (!patterns.includes(pattern)) this.#filled.delete(name);
  }

  /** The group with all that is known of its deployments. Those whose model has a gap wait until it is filled. */
  group(configured: ModelGroup): ModelGroup {
    if (configured.name.includes('*')) return configured;
    return remembered(this.#groups, configured, () => ({
      ...configured,
      deployments: configured.deployments.map((deployment) => this.#completed(deployment)),
    }));
  }

  /** A deployment under its own id. */
  single(deployment: Deployment): ModelGroup {
    return remembered(this.#singles, deployment, () => ({ name: deployment.id, deployments: [deployment] }));
  }

  /** As {@link unionOf}, once as long as the members stay the same. */
  union(name: string, members: readonly ModelGroup[], more: Union['more']): ModelGroup {
    const known = this.#unions.get(name);
    if (known && sameItems(known.members, members) && known.more.isHidden === more.isHidden && known.more.strategy === more.strategy) return known.group;
    const group = { ...more, ...unionOf(name, members) };
    this.#unions.set(name, { members, more, group });
    return group;
  }

  /** What `name` stood for at this moment, if that was asked before. */
  filled(name: string, moment: object): ModelGroup | undefined {
    const known = this.#filled.get(name);
    return known?.moment === moment ? known.group : undefined;
  }

  /** The group that a wildcard makes of `name`. */
  fill(pattern: ModelGroup, name: string, moment: object, fill: Complete): ModelGroup {
    const known = this.#filled.get(name);
    const group =
      known?.pattern === pattern ? known.group : { ...pattern, name, deployments: pattern.deployments.map((deployment) => this.#complete(fill(deployment))) };
    this.#filled.set(name, { moment, pattern, group });
    return group;
  }

  /** A deployment that stands in several groups stays one and the same. */
  #completed(deployment: Deployment): Deployment {
    return remembered(this.#deployments, deployment, () => this.#complete(deployment));
  }
}

/** Whether two lists hold the very same objects in the same order. */
export function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function remembered<K extends object, V>(memory: WeakMap<K, V>, key: K, make: () => V): V {
  let value = memory.get(key);
  if (value === undefined) memory.set(key, (value = make()));
  return value;
}

/** Every deployment of `members` as one group. What they fall back to stays, but for the members themselves. */
export function unionOf(name: string, members: readonly ModelGroup[]): ModelGroup {
  const inside = new Set(members.map((group) => group.name));
  return {
    name,
    deployments: [...new Set(members.flatMap(({ deployments }) => deployments))],
    fallbacks: [...new Set(members.flatMap(({ fallbacks = [] }) => fallbacks))].filter((fallback) => !inside.has(fallback)),
  };
}
