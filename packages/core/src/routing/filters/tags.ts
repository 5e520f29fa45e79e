import type { Filter } from './filter.ts';

/** How the tags of a call and of a deployment have to meet. */
export type TagFiltering = 'any' | 'all';

const DEFAULT = 'default';

/** Calls with tags go to deployments that have them; calls without go to those tagged `default`, where there are any. */
export function tags(mode: TagFiltering): Filter {
  return {
    name: 'tags',
    weight: 'must',
    objection({ tags: own = [] }, { tags: asked }, group) {
      if (asked.length === 0)
        return own.includes(DEFAULT) || !group.some((other) => other.tags?.includes(DEFAULT)) ? undefined : `it is not tagged '${DEFAULT}'`;
      const fits = mode === 'all' ? asked.every((tag) => own.includes(tag)) : asked.some((tag) => own.includes(tag));
      return fits ? undefined : `it is not tagged ${asked.join(mode === 'all' ? ' and ' : ' or ')}`;
    },
  };
}
