import { sameItems } from '../../models/model-memory.ts';
import type { ModelGroup } from '../../types/model-group.ts';

/** Declared groups and those kept elsewhere as one list: of one name, they share its calls. A group that is as it was in `before` stays that object. */
export function mergedGroups(declared: readonly ModelGroup[], kept: readonly ModelGroup[], before: readonly ModelGroup[]): readonly ModelGroup[] {
  const joining = new Map(kept.map((group) => [group.name, group]));
  const joined = declared.map((group) => {
    const others = joining.get(group.name);
    joining.delete(group.name);
    return others ? { ...group, deployments: [...group.deployments, ...others.deployments] } : group;
  });
  const former = new Map(before.map((group) => [group.name, group]));
  return [...joined, ...joining.values()].map((group) => {
    const same = former.get(group.name);
    return same && isSame(same, group) ? same : group;
  });
}

function isSame(one: ModelGroup, other: ModelGroup): boolean {
  const { deployments, ...rest } = one;
  const { deployments: others, ...theirs } = other;
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return names.length === Object.keys(theirs).length && names.every((name) => rest[name] === theirs[name]) && sameItems(deployments, others);
}
