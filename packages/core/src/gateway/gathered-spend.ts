import type { Ledger } from '../types/record.ts';
import type { Spender } from '../types/spend.ts';

type Ask = (whose: Spender, since: number) => Promise<number>;
type Group = { readonly ids: Set<string>; readonly sums: Promise<ReadonlyMap<string, number>> };

/**
 * Asks a ledger what each of many has spent: those who ask at the same time, as the rows of a list do, and mean the same
 * kind and moment, by one question. Nothing where the ledger does not tell.
 */
export function gathered(ledger: Ledger): Ask | undefined {
  if (!ledger.spentSince) return undefined;
  const one = ledger.spentSince.bind(ledger);
  if (!ledger.spentSinceEach) return one;
  const each = ledger.spentSinceEach.bind(ledger);
  const open = new Map<string, Group>();

  return async ({ kind, id }, since) => {
    const name = `${kind} ${since}`;
    let group = open.get(name);
    if (!group) {
      const ids = new Set<string>();
      const sums = Promise.resolve().then(() => {
        open.delete(name);
        return each(kind, [...ids], since);
      });
      open.set(name, (group = { ids, sums }));
    }
    group.ids.add(id);
    return (await group.sums).get(id) ?? 0;
  };
}
