import { LRUCache } from 'lru-cache';

const REMEMBERED = 10_000;

/**
 * Puts `prefix` before names, and remembers the outcome: a name made anew for every call would be joined and
 * hashed again at each look-up. Bounded, because ids may come from outside.
 */
export function counterName(prefix: string): (name: string) => string {
  const made = new LRUCache<string, string>({ max: REMEMBERED });
  return (name) => {
    let joined = made.get(name);
    if (joined === undefined) made.set(name, (joined = prefix + name));
    return joined;
  };
}
