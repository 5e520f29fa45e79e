/** @throws Error with the rule that was broken. */
export function must(isSo: boolean, rule: string): void {
  if (!isSo) throw new Error(rule);
}
