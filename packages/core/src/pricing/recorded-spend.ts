import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Adjustment, Claim, Reservation, Store, StoreHold } from '../store/store.ts';
import { type OnStoreError, tryStore } from '../store/try-store.ts';
import { deadline } from '../stream/deadline.ts';
import { andThen, isPromise } from '../stream/maybe-promise.ts';
import type { MaybePromise } from '../types/json.ts';
import type { Ledger } from '../types/record.ts';
import type { Spender } from '../types/spend.ts';
import { rebuildWindow } from './rebuild-window.ts';
import { Rounds } from './rounds.ts';

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
  readonly claim: SpendingClaim;
  /** What is known to have been spent: never more than that. */
  spent: number;
  askedAt: number;
  /** How often the store had come back when the ledger was asked. */
  comeback: number;
  /** Until the ledger has answered. */
  asking: Promise<void> | undefined;
};

const REMEMBERED = 100_000;
const ASK_AGAIN_MS = 60_000;
const LONGEST_WAIT_MS = 2_000;
/** How long a ledger that has failed is not waited for again. */
const PAUSE_MS = 1_000;
/** A store that stumbles again and again does not send everybody to the ledger each time. */
const BETWEEN_COMEBACKS_MS = 5_000;

/**
 * What the ledger says was spent, so that a counter that the store has lost, or never had because the process is new,
 * does not begin at nothing. The ledger is asked when a counter is met for the first time, when the store answers again
 * after it has failed, and then now and again without anybody waiting.
 *
 * A store that has failed may have lost everything, and what other gateways have settled since the last look comes to
 * the ledger some hundred milliseconds late. So for a minute more the ledger is asked at growing distances, and the
 * store is told, also when no more calls come.
 */
export class RecordedSpend {
  readonly #options: RecordedSpendOptions;
  readonly #counters = new LRUCache<string, Counter>({ max: REMEMBERED });
  /** Those that were met since the store has failed. */
  readonly #doubted = new Set<string>();
  readonly #rounds = new Rounds(() => this.#tellDoubted());
  #pausedUntil = 0;
  #isInDoubt = false;
  #comebacks = 0;
  #cameBackAt = -Infinity;

  constructor(options: RecordedSpendOptions) {
    this.#options = options;
  }

  /**
   * Reserves `limits` and behind them `spending`, whose counters are told what they are at least. Nothing where the store has failed and calls go on without it.
   * @throws GatewayError `store_unavailable` where the store has failed and they may not, or where neither it nor the ledger knows of a counter.
   */
  reserve(limits: readonly Claim[], spending: readonly SpendingClaim[], mode: OnStoreError): MaybePromise<Reservation | undefined> {
    return andThen(this.#ask(spending), () => tryStore(() => this.#tell([...limits, ...this.#recall(spending)]), mode));
  }

  /** As the store's. What is recorded is noted, for the ledger may tell of it only later. */
  adjust(adjustments: readonly Adjustment[], ends: readonly StoreHold[]): MaybePromise<void> {
    for (const { key, by, isRecorded } of adjustments) {
      const counter = isRecorded && this.#counters.get(key);
      if (counter) counter.spent += by;
    }
    const { store, onError } = this.#options;
    const adjusted = store.adjust(adjustments, ends);
    if (!isPromise(adjusted)) return adjusted;
    return adjusted.catch((error: unknown) => {
      this.#doubt(adjustments);
      if (!store.tellsOutages) onError(error);
    });
  }

  #tell(claims: readonly Claim[]): MaybePromise<Reservation> {
    const fail = (error: unknown): never => {
      this.#doubt(claims);
      throw error;
    };
    try {
      const reservation = this.#options.store.reserve(claims);
      return isPromise(reservation) ? reservation.then((answer) => this.#answered(answer), fail) : this.#answered(reservation);
    } catch (error) {
      return fail(error);
    }
  }

  #answered(reservation: Reservation): Reservation {
    if (this.#isInDoubt) this.#comeBack();
    return reservation;
  }

  #doubt(about: readonly { readonly key: string }[]): void {
    this.#isInDoubt = true;
    for (const { key } of about) if (this.#counters.has(key)) this.#doubted.add(key);
    this.#rounds.start();
  }

  #comeBack(): void {
    this.#isInDoubt = false;
    this.#rounds.start();
    const now = performance.now();
    if (now - this.#cameBackAt < BETWEEN_COMEBACKS_MS) return;
    this.#cameBackAt = now;
    this.#comebacks += 1;
  }

  /** One after the other: a ledger is not to suffer for a store. */
  async #tellDoubted(): Promise<void> {
    for (const key of this.#doubted) {
      const counter = this.#counters.get(key);
      try {
        if (counter && counter.claim.windowMs === undefined) await this.#tellOf(counter);
      } catch {
        // Another round comes, and whoever waits for an answer is told that there is none.
        return;
      }
    }
    if (!this.#rounds.hasMore) this.#doubted.clear();
  }

  async #tellOf(counter: Counter): Promise<void> {
    await this.#read(counter);
    const { key, expiresAt } = counter.claim;
    await this.#tell([{ key, amount: 0, limit: Number.MAX_SAFE_INTEGER, atLeast: counter.spent, ...(expiresAt !== undefined && { expiresAt }) }]);
  }

  #ask(claims: readonly SpendingClaim[]): Promise<unknown> | undefined {
    let waiting: Promise<void>[] | undefined;
    for (const claim of claims) {
      const asking = this.#askAbout(claim);
      if (asking) (waiting ??= []).push(asking);
    }
    return waiting && Promise.all(waiting);
  }

  #recall<T extends SpendingClaim>(claims: readonly T[]): T[] {
    return claims.map((claim) => {
      const spent = claim.windowMs === undefined ? this.#counters.get(claim.key)?.spent : undefined;
      return spent === undefined || spent === 0 ? claim : { ...claim, atLeast: spent };
    });
  }

  #askAbout(claim: SpendingClaim): Promise<void> | undefined {
    const found = this.#counters.get(claim.key);
    const now = performance.now();
    if (found?.comeback !== this.#comebacks) return this.#meet(claim, found, now);
    if (found.asking) return found.asking;
    if (now - found.askedAt > ASK_AGAIN_MS) {
      found.askedAt = now;
      this.#read(found).catch(this.#options.onError);
    }
    return undefined;
  }

  #meet(claim: SpendingClaim, found: Counter | undefined, askedAt: number): Promise<void> {
    if (askedAt < this.#pausedUntil) return this.#unanswered(claim, found, undefined);
    const comeback = this.#comebacks;
    const counter: Counter = found ?? { claim, spent: 0, askedAt, comeback, asking: undefined };
    Object.assign(counter, { askedAt, comeback });
    if (this.#rounds.hasMore) this.#doubted.add(claim.key);
    counter.asking = Promise.resolve(deadline(this.#read(counter), LONGEST_WAIT_MS, tooLate)).then(
      () => void (counter.asking = undefined),
      (error: unknown) => {
        // Asked about once more by the next call.
        counter.asking = undefined;
        counter.comeback = -1;
        this.#pausedUntil = performance.now() + PAUSE_MS;
        return this.#unanswered(claim, counter, error);
      },
    );
    this.#counters.set(claim.key, counter);
    return counter.asking;
  }

  async #read(counter: Counter): Promise<void> {
    const { claim } = counter;
    if (claim.windowMs !== undefined) return rebuildWindow(claim, claim.windowMs, this.#options);
    const spent = (await this.#options.ledger.spentSince?.(claim.owner, claim.since)) ?? 0;
    // What was added meanwhile may be in it or not.
    counter.spent = Math.max(counter.spent, spent);
  }

  /** A ledger that is away keeps nobody out of whom something is known, here or in the store. */
  async #unanswered({ key, windowMs, limit }: SpendingClaim, known: Counter | undefined, cause: unknown): Promise<void> {
    const { store, onStoreError } = this.#options;
    if (known && known.spent > 0) return;
    if (onStoreError === 'open' || limit === Number.MAX_SAFE_INTEGER || (await store.total(key, windowMs)) > 0) return;
    throw new GatewayError('store_unavailable', 'The ledger cannot say at the moment what was spent of the budget', { cause });
  }
}

function tooLate(): Error {
  return new Error(`The ledger has not answered within ${LONGEST_WAIT_MS} ms`);
}
