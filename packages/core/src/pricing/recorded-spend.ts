import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Claim, Store } from '../store/store.ts';
import type { OnStoreError } from '../store/try-store.ts';
import { deadline } from '../stream/deadline.ts';
import type { Ledger } from '../types/record.ts';
import type { Spender } from '../types/spend.ts';

/** A claim on a counter of money, with whose it is and since when it counts. */
export type SpendingClaim = Claim & { readonly owner: Spender; readonly since: number };

export type RecordedSpendOptions = {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly onStoreError: OnStoreError;
  readonly onError: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

type Counter = {
  /** What is known to have been spent: never more than that. */
  spent: number;
  askedAt: number;
  /** Until the ledger has answered for the first time. */
  asking: Promise<void> | undefined;
};

const REMEMBERED = 100_000;
const ASK_AGAIN_MS = 60_000;
const LONGEST_WAIT_MS = 2_000;
/** How long a ledger that has failed is not waited for again. */
const PAUSE_MS = 1_000;
/** As many as windows have buckets. */
const PARTS = 60;

/**
 * What the ledger says was spent, so that a counter that the store has lost, or never had because the process is new,
 * does not begin at nothing. The ledger is asked when a counter is met for the first time, and then now and again
 * without anybody waiting.
 */
export class RecordedSpend {
  readonly #options: RecordedSpendOptions;
  readonly #counters = new LRUCache<string, Counter>({ max: REMEMBERED });
  #pausedUntil = 0;

  constructor(options: RecordedSpendOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the counters of all claims have been asked about; nothing when they have.
   * @throws GatewayError `store_unavailable` where neither the ledger nor the store knows of a counter, and calls may not go on without.
   */
  ask(claims: readonly SpendingClaim[]): Promise<unknown> | undefined {
    let waiting: Promise<void>[] | undefined;
    for (const claim of claims) {
      const asking = this.#askAbout(claim);
      if (asking) (waiting ??= []).push(asking);
    }
    return waiting && Promise.all(waiting);
  }

  /** The claims, with what their counters are at least. */
  recall<T extends SpendingClaim>(claims: readonly T[]): T[] {
    return claims.map((claim) => {
      const spent = claim.windowMs === undefined ? this.#counters.get(claim.key)?.spent : undefined;
      return spent === undefined || spent === 0 ? claim : { ...claim, atLeast: spent };
    });
  }

  /** Notes what a call has cost, of which the ledger may tell only later. */
  add(key: string, costNanoUsd: number): void {
    const counter = this.#counters.get(key);
    if (counter) counter.spent += costNanoUsd;
  }

  #askAbout(claim: SpendingClaim): Promise<void> | undefined {
    const found = this.#counters.get(claim.key);
    const now = performance.now();
    if (!found) return this.#meet(claim, now);
    if (found.asking) return found.asking;
    if (now - found.askedAt > ASK_AGAIN_MS) {
      found.askedAt = now;
      this.#read(claim, found).catch(this.#options.onError);
    }
    return undefined;
  }

  #meet(claim: SpendingClaim, askedAt: number): Promise<void> {
    if (askedAt < this.#pausedUntil) return this.#unanswered(claim, undefined);
    const counter: Counter = { spent: 0, askedAt, asking: undefined };
    counter.asking = Promise.resolve(deadline(this.#read(claim, counter), LONGEST_WAIT_MS, tooLate)).then(
      () => void (counter.asking = undefined),
      (error: unknown) => {
        this.#counters.delete(claim.key);
        this.#pausedUntil = performance.now() + PAUSE_MS;
        return this.#unanswered(claim, error);
      },
    );
    this.#counters.set(claim.key, counter);
    return counter.asking;
  }

  async #read(claim: SpendingClaim, counter: Counter): Promise<void> {
    if (claim.windowMs !== undefined) return this.#rebuild(claim, claim.windowMs);
    const spent = (await this.#options.ledger.spentSince?.(claim.owner, claim.since)) ?? 0;
    // What was added meanwhile may be in it or not.
    counter.spent = Math.max(counter.spent, spent);
  }

  /** A window is made anew by whoever comes first: the mark is kept beside it, and lost with it. */
  async #rebuild({ key, owner }: SpendingClaim, windowMs: number): Promise<void> {
    const { ledger, store, now } = this.#options;
    const parts = (await ledger.spentInParts?.(owner, now() - windowMs, Math.ceil(windowMs / PARTS))) ?? [];
    const mark = await store.reserve([{ key: `rebuilt:${windowMs}:${key}`, amount: 1, limit: 1 }]);
    if (!mark.ok) return;
    const spent = parts.filter(({ costNanoUsd }) => costNanoUsd > 0);
    if (spent.length > 0) await store.adjust(spent.map(({ at, costNanoUsd }) => ({ key, by: costNanoUsd, windowMs, at })));
  }

  /** A ledger that is away keeps nobody out whom the store remembers. */
  async #unanswered({ key, windowMs, limit }: SpendingClaim, cause: unknown): Promise<void> {
    const { store, onStoreError } = this.#options;
    if (onStoreError === 'open' || limit === Number.MAX_SAFE_INTEGER || (await store.total(key, windowMs)) > 0) return;
    throw new GatewayError('store_unavailable', 'The ledger cannot say at the moment what was spent of the budget', { cause });
  }
}

function tooLate(): Error {
  return new Error(`The ledger has not answered within ${LONGEST_WAIT_MS} ms`);
}
