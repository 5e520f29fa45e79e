/** A counter of the simulator: over a sliding window, over one period and then no more, or for all time. */
export type SimulatedCounter = { readonly key: string; readonly limit: number; readonly windowMs?: number; readonly expiresAt?: number };

/** What was claimed by one claim, and what has become of it. */
export type Entry = { readonly counter: SimulatedCounter; readonly at: number; amount: number; freedFrom: number; freedUntil: number };

/** What surely counts, and what may still do so. */
export type Bounds = readonly [least: number, most: number];

const BUCKETS = 60;

/** Every claim remembered on its own, and nothing clever: what a store is held against. */
export class ReferenceCounters {
  readonly #entries = new Map<string, Entry[]>();

  add(counter: SimulatedCounter, amount: number, at: number): Entry {
    const entry: Entry = { counter, at, amount, freedFrom: Infinity, freedUntil: Infinity };
    const known = this.#entries.get(counter.key);
    if (known) known.push(entry);
    else this.#entries.set(counter.key, [entry]);
    return entry;
  }

  /** From the estimate to the truth; what has left its window is beyond that. */
  correct(entry: Entry, by: number, now: number): void {
    if (entry.counter.windowMs === undefined || entry.at + entry.counter.windowMs > now) entry.amount += by;
  }

  /** In a window an entry surely counts for its length, and for no more than a sixtieth beyond. */
  boundsOf({ key, windowMs = Infinity, expiresAt = Infinity }: SimulatedCounter, now: number): Bounds {
    let least = 0;
    let most = 0;
    const entries = (this.#entries.get(key) ?? []).filter(({ at, freedUntil }) => now < freedUntil && now < at + windowMs * (1 + 1 / BUCKETS));
    this.#entries.set(key, entries);
    for (const { at, amount, freedFrom } of entries) {
      if (now < at + windowMs && now < freedFrom && now < expiresAt) least += amount;
      most += amount;
    }
    return [least, most];
  }
}
