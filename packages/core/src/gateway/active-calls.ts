import type { Context } from '../pipeline/context.ts';

/**
 * The calls under way, each until its deferred work is done.
 *
 * Slots in place of a Set: under steady traffic a Set moves to a new table every few hundred calls, each old
 * table leads to the next one, and once the first is in the old generation all that they held stays in memory
 * until the next full collection.
 */
export class ActiveCalls {
  readonly #slots: (Context | undefined)[] = [];
  readonly #free: number[] = [];
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** The slot is the call's until {@link vacate}. */
  enter(ctx: Context): number {
    this.#underWay += 1;
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = ctx;
    return slot;
  }

  /** The call has its outcome, so that it can no longer be cut; its deferred work may still run. */
  vacate(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  /** The last deferred work of a call is done. */
  leave(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Cuts every call that has no outcome yet. */
  abort(reason: unknown): void {
    for (const ctx of [...this.#slots]) ctx?.abort(reason);
  }

  async idle(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
