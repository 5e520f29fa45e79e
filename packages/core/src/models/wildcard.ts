/** Whether `pattern`, in which `*` stands for any text, covers the whole of `name`. */
export function matchesWildcard(pattern: string, name: string): boolean {
  return pattern === '*' || pattern === name || captureWildcard(pattern, name) !== undefined;
}

/** What each `*` of `pattern` stands for in `name`, or nothing when it does not match. Linear for one `*`. */
export function captureWildcard(pattern: string, name: string): readonly string[] | undefined {
  const [head = '', ...tails] = pattern.split('*');
  if (tails.length === 0) return pattern === name ? [] : undefined;
  if (!name.startsWith(head)) return undefined;
  const captures: string[] = [];
  let from = head.length;
  for (const [index, tail] of tails.entries()) {
    const isLast = index === tails.length - 1;
    const at = isLast ? name.length - tail.length : name.indexOf(tail, from);
    if (at < from || !name.startsWith(tail, at)) return undefined;
    captures.push(name.slice(from, at));
    from = at + tail.length;
  }
  return captures;
}

/** Whether any of `patterns` covers `name`; absent patterns allow everything. */
export function isAllowed(patterns: readonly string[] | undefined, name: string): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesWildcard(pattern, name));
}
