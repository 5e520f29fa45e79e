import type { Adjustment, StoreHold } from '@sluice/core';

const BUCKETS = 60;

/** What calls have used and Redis could not be told yet. Takes room by counters and not by calls, however long that lasts. */
export class Owed<Hold extends StoreHold> {
  readonly #adjustments = new Map<string, Adjustment>();
  readonly #holds = new Set<Hold>();

  add(adjustments: readonly Adjustment[], holds: readonly Hold[]): void {
    for (const hold of holds) this.#holds.add(hold);
    for (const adjustment of adjustments) {
      const { key, windowMs, at = 0 } = adjustment;
      // As fine as windows are counted.
      const name = windowMs === undefined ? key : `${windowMs} ${Math.floor((at * BUCKETS) / windowMs)} ${key}`;
      const known = this.#adjustments.get(name);
      this.#adjustments.set(name, known ? { ...adjustment, by: known.by + adjustment.by } : adjustment);
    }
  }

  /** Hands out what is owed, at most `most` of each, and forgets it. */
  take(most: number): { readonly adjustments: readonly Adjustment[]; readonly holds: readonly Hold[] } | undefined {
    const names = [...this.#adjustments.keys()].slice(0, most);
    const adjustments = names.map((name) => this.#adjustments.get(name) as Adjustment);
    const holds = [...this.#holds].slice(0, most);
    for (const name of names) this.#adjustments.delete(name);
    for (const hold of holds) this.#holds.delete(hold);
    return adjustments.length + holds.length > 0 ? { adjustments, holds } : undefined;
  }

  /** Redis has forgotten what it was told before: what is owed to it is told by the ledger with the rest. */
  clear(): void {
    this.#adjustments.clear();
    this.#holds.clear();
  }
}
