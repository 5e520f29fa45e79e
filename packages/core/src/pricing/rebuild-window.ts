import type { Claim, Store } from '../store/store.ts';
import type { Ledger } from '../types/record.ts';
import type { Spender } from '../types/spend.ts';

/** As many as windows have buckets. */
const PARTS = 60;

export type RebuildOptions = { readonly ledger: Ledger; readonly store: Store; readonly now: () => number };

/** Fills a window from the ledger, by whoever comes first: the mark is kept beside it, and lost with it. */
export async function rebuildWindow(
  { key, owner }: Claim & { readonly owner: Spender },
  windowMs: number,
  { ledger, store, now }: RebuildOptions,
): Promise<void> {
  const parts = (await ledger.spentInParts?.(owner, now() - windowMs, Math.ceil(windowMs / PARTS))) ?? [];
  const mark = await store.reserve([{ key: `rebuilt:${windowMs}:${key}`, amount: 1, limit: 1 }]);
  if (!mark.ok) return;
  const spent = parts.filter(({ costNanoUsd }) => costNanoUsd > 0);
  if (spent.length > 0) await store.adjust(spent.map(({ at, costNanoUsd }) => ({ key, by: costNanoUsd, windowMs, at })));
}
