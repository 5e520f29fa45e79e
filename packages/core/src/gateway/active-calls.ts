import type { Context } from '../pipeline/context.ts';
import { Slots } from '../stream/slots.ts';

/** The calls under way, each until its deferred work is done. */
export class ActiveCalls {
  readonly #calls = new Slots<Context>();
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** The slot is the call's until {@link vacate}. */
  enter(ctx: Context): number {
    this.#underWay += 1;
    return this.#calls.add(ctx);
  }

  /** The call has its outcome, so that it can no longer be cut; its deferred work may still run. */
  vacate(slot: number): void {
    this.#calls.remove(slot);
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
    this.#calls.forEach((ctx) => ctx.abort(reason));
  }

  async idle(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
