import type { JsonObject, MaybePromise } from '../types/json.ts';

export type WriteOptions = { readonly ttlMs?: number };

/**
 * A wish to add `amount` to a counter whose total may not pass `limit`.
 * With `windowMs` the total is that of the sliding window that ends now; without, it is all-time.
 */
export type Claim = {
  readonly key: string;
  readonly amount: number;
  readonly limit: number;
  readonly windowMs?: number;
  /**
   * Counts only until {@link Store.adjust} ends it, or until the process that claimed it is known to be dead.
   * For all-time counters: what is claimed in a window fades anyway.
   */
  readonly isHeld?: true;
  /** From when on the counter may be forgotten, in milliseconds since the epoch; never before. */
  readonly expiresAt?: number;
  /**
   * All-time counters only: what the total is at least, before the claim. A store that knows of less has forgotten the
   * rest, and takes this for its total.
   */
  readonly atLeast?: number;
};

/** What a reservation holds until it is ended. Opaque: only the store that made it can read it. */
export type StoreHold = object;

export type Reservation =
  | {
      readonly ok: true;
      /** Totals after the claims, in their order. */
      readonly totals: readonly number[];
      /** Milliseconds since the epoch by the store's clock; give it back to {@link Store.adjust} for windows. */
      readonly at: number;
      /** To be ended by {@link Store.adjust}, where some of the claims are held. */
      readonly hold?: StoreHold;
    }
  | {
      readonly ok: false;
      /** Which of the claims did not fit. */
      readonly refused: number;
      /** Its total, without the claim. */
      readonly total: number;
      /** When it will fit if nothing else is claimed, in milliseconds from now; absent when time does not help. */
      readonly retryAfterMs?: number;
    };

/** A correction to a counter: `by` may be negative. `at` names the moment whose window entry is corrected. */
export type Adjustment = {
  readonly key: string;
  readonly by: number;
  readonly windowMs?: number | undefined;
  readonly at?: number;
  /** As in {@link Claim}. */
  readonly expiresAt?: number | undefined;
  /**
   * Of an all-time counter, what a ledger keeps too, so that later claims tell of it (`atLeast`). A driver that cannot
   * count it now never does: it would be counted twice.
   */
  readonly isRecorded?: true | undefined;
};

/**
 * What limits, budgets and the cache stand on. Values are strings, counters whole numbers.
 * Counters are never evicted before their time; values may be. Calls wait for the answers, so a driver fails
 * by a deadline of its own when what is behind it is silent.
 *
 * Write a driver by passing `storeContract` from `@sluice/testing`.
 */
export type Store = {
  get(key: string): MaybePromise<string | undefined>;
  set(key: string, value: string, options?: WriteOptions): MaybePromise<void>;
  delete(key: string): MaybePromise<void>;
  /** The total of a counter, 0 when nothing was claimed. */
  total(key: string, windowMs?: number): MaybePromise<number>;
  /** Takes all of the claims or none, in one atomic step and one round trip. */
  reserve(claims: readonly Claim[]): MaybePromise<Reservation>;
  /**
   * Gives back what the holds in `ends` hold and then corrects counters, in one atomic step and one round trip.
   * A hold that has ended already holds nothing. A total never falls below zero.
   *
   * A driver that cannot be reached keeps what it is told until it can, but for what is recorded: of that it fails.
   */
  adjust(adjustments: readonly Adjustment[], ends?: readonly StoreHold[]): MaybePromise<void>;
  /** That it tells by itself when it is away, so that nobody else has to say so again. */
  readonly tellsOutages?: true;
  close?(): MaybePromise<void>;
};

/** Types a store as it is written. */
export function defineStore(store: Store): Store {
  return store;
}

/** What a store package exports as `store`, so that a configuration file can name the package. */
export type StorePackage = {
  /**
   * Makes the store from options as they stand in the file.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject): Store;
};
