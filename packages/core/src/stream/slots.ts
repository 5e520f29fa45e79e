/**
 * What comes and goes with every call.
 *
 * In place of a Set: under steady traffic a Set moves to a new table every few hundred entries, each old table
 * leads to the next one, and once the first is in the old generation all that they held stays in memory until
 * the next full collection.
 */
export class Slots<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get isEmpty(): boolean {
    return this.#free.length === this.#items.length;
  }

  /** The slot is the item's until {@link remove}. */
  add(item: T): number {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    return slot;
  }

  remove(slot: number): void {
    this.#items[slot] = undefined;
    this.#free.push(slot);
  }

  /** Visits those that are there now; what comes or goes meanwhile may be left out. */
  forEach(visit: (item: T) => void): void {
    for (let slot = 0; slot < this.#items.length; slot += 1) {
      const item = this.#items[slot];
      if (item !== undefined) visit(item);
    }
  }
}
