import type { Usage } from '../types/usage.ts';

/** Two usages as one: counts are added, of what is a word the later one stands. */
export function addedUsage(sum: Usage, usage: Usage | undefined): Usage {
  const names = new Set([...Object.keys(sum), ...Object.keys(usage ?? {})] as (keyof Usage)[]);
  const total = (name: keyof Usage): unknown => {
    const [before, now] = [sum[name], usage?.[name]];
    return typeof before === 'string' || typeof now === 'string' ? (now ?? before) : (before ?? 0) + (now ?? 0);
  };
  return Object.fromEntries([...names].map((name) => [name, total(name)])) as Usage;
}
