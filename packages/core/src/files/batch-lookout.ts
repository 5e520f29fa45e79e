import { randomUUID } from 'node:crypto';
import { Context } from '../pipeline/context.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { JsonObject } from '../types/json.ts';
import { bodyOf } from './answers.ts';
import { hasEnded } from './batch-status.ts';
import { type InnerCalls, innerCall } from './inner-call.ts';
import type { Finding, OpenBatch, OpenBatches } from './open-batches.ts';

export type LookoutOptions = InnerCalls & {
  readonly open: OpenBatches;
  /** From one look to the next, on average, in milliseconds. */
  readonly everyMs: number;
  /** Charges a batch, once among all gateways. */
  readonly settle: (finding: Finding) => Promise<void>;
  /** Whether somebody has done so already. */
  readonly isSettled: (batch: OpenBatch) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
};

/** Questions to providers in one round. The rest has its turn in the next. */
const MOST_A_ROUND = 100;

/**
 * Looks from time to time at the batches that nobody has seen to end, so that whoever never asks pays all the same and
 * gets back what is held. Of several gateways of a store one looks at a batch, and none for some time after it.
 */
export class BatchLookout {
  readonly #options: LookoutOptions;
  #isClosed = false;
  #asking: LazyAbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  /** Where the round before had to stop. */
  #after = 0;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Begins to look, where it does not yet. */
  wake(): void {
    if (this.#timer || this.#isClosed) return;
    // Gateways that were started together do not ask together.
    const delayMs = this.#options.everyMs * (0.8 + 0.4 * Math.random());
    this.#timer = setTimeout(() => {
      this.#round = this.#look()
        .catch(this.#options.onError)
        .finally(() => {
          this.#timer = undefined;
          this.wake();
        });
    }, delayMs).unref();
  }

  /** Asks no more, and resolves when what was begun is over. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    this.#asking?.abort();
    await this.#round;
  }

  async #look(): Promise<void> {
    const { open, everyMs, isSettled, onError } = this.#options;
    // One question less where a provider is down, for each of its batches.
    const failing = new Set<string>();
    let [asked, stoppedAt] = [0, 0];
    for await (const { place, batch } of open.all()) {
      if (this.#isClosed) return;
      const isOverdue = Date.now() >= batch.overdueAt;
      if (place <= this.#after || asked >= MOST_A_ROUND || (failing.has(batch.ref.deployment) && !isOverdue)) continue;
      if (await isSettled(batch)) {
        // Who has settled it has forgotten it as well, unless they ended in between; or cannot yet read what it has cost.
        if (isOverdue) await open.forget(place);
        continue;
      }
      if (!(await open.claim(place, Math.floor(everyMs * 0.75)))) continue;
      [asked, stoppedAt] = [asked + 1, place];
      try {
        await this.#settle(batch, isOverdue);
      } catch (error) {
        if (this.#isClosed) return;
        failing.add(batch.ref.deployment);
        onError(error);
      }
    }
    this.#after = asked >= MOST_A_ROUND ? stoppedAt : 0;
  }

  async #settle(batch: OpenBatch, isOverdue: boolean): Promise<void> {
    const { settle, onError } = this.#options;
    try {
      const found = await this.#ask(batch);
      if (hasEnded(found)) return await settle({ batch, found, by: 'look' });
    } catch (error) {
      if (!isOverdue || this.#isClosed) throw error;
      onError(error);
    }
    if (isOverdue) await settle({ batch, found: undefined, by: 'deadline' });
  }

  async #ask({ ref, principal, policy }: OpenBatch): Promise<JsonObject> {
    const controller = new LazyAbortController();
    this.#asking = controller;
    const request = { model: ref.model };
    const ctx = new Context({ id: randomUUID(), operation: 'batches.get', request, source: { credentials: [] }, principal, policy, controller });
    return bodyOf(await innerCall(ctx, this.#options, 'batches.get', ref));
  }
}
