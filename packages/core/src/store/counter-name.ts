const MOST_REMEMBERED = 10_000;

/**
 * Puts `prefix` before names, and remembers the outcome: a name made anew for every call would be joined and
 * hashed again at each look-up. Bounded, because ids may come from outside: when there are too many, it begins anew.
 */
export function counterName(prefix: string): (name: string) => string {
  const made = new Map<string, string>();
  return (name) => {
    let joined = made.get(name);
    if (joined === undefined) {
      if (made.size >= MOST_REMEMBERED) made.clear();
      made.set(name, (joined = prefix + name));
    }
    return joined;
  };
}
