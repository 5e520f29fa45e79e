import type { Adjustment, Reservation, Store, StoreHold } from '../../store/store.ts';
import { type OnStoreError, tryStore } from '../../store/try-store.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import type { MaybePromise } from '../../types/json.ts';
import type { BudgetClaim } from '../../pricing/budget-claims.ts';

/** A claim that has no room, and the total that leaves it none. */
export type NoRoom = { readonly claim: BudgetClaim; readonly total: number };

type Admitted = Extract<Reservation, { readonly ok: true }>;

/** One amount that is held of every budget, and since when. */
type Part = { readonly amount: number; readonly at: number; readonly hold: StoreHold | undefined };

type Settled = { readonly cost: number; readonly stays: number; readonly isRecorded: true | undefined };

/** What a call holds of its budgets: the first part with its admission, more as a stream that nobody limits grows. */
export class Hold {
  readonly #store: Store;
  readonly #claims: readonly BudgetClaim[];
  readonly #onStoreError: OnStoreError;
  readonly #parts: Part[] = [];
  #isSettled = false;

  constructor(store: Store, claims: readonly BudgetClaim[], onStoreError: OnStoreError) {
    this.#store = store;
    this.#claims = claims;
    this.#onStoreError = onStoreError;
  }

  /** Notes what a reservation holds. `amount` was claimed of each budget in it. */
  add(amount: number, { at, hold }: Admitted): void {
    this.#parts.push({ amount, at, hold });
  }

  /** Holds `amount` more of every budget, or tells which one has no room and holds nothing more. */
  take(amount: number): MaybePromise<NoRoom | undefined> {
    if (this.#claims.length === 0 || this.#isSettled) return undefined;
    const claims = this.#claims.map((claim) => ({ ...claim, amount }));
    const asked = tryStore(() => this.#store.reserve(claims), this.#onStoreError);
    return isPromise(asked) ? asked.then((reservation) => this.#note(claims, reservation)) : this.#note(claims, asked);
  }

  /**
   * What turns the hold into `cost`, and into what stays held for what the call has set going. Final: what is still
   * being asked for is given back when it comes. `isRecorded` where a ledger knows of the cost.
   */
  settle(cost: number, stays: number, isRecorded: true | undefined): { readonly adjustments: Adjustment[]; readonly ends: StoreHold[] } {
    this.#isSettled = true;
    const ends: StoreHold[] = [];
    for (const { hold } of this.#parts) if (hold !== undefined) ends.push(hold);
    const adjustments: Adjustment[] = [];
    for (const claim of this.#claims) this.#correct(claim, { cost, stays, isRecorded }, adjustments);
    return { adjustments, ends };
  }

  /** Windows hold nothing apart: there the estimate itself is corrected, at its own moment. */
  #correct({ key, windowMs, expiresAt }: BudgetClaim, { cost, stays, isRecorded }: Settled, adjustments: Adjustment[]): void {
    if (windowMs !== undefined) {
      if (this.#parts.length > 0)
        this.#parts.forEach(({ amount, at }, index) => adjustments.push({ key, by: (index === 0 ? cost + stays : 0) - amount, windowMs, at }));
      else if (cost + stays !== 0) adjustments.push({ key, by: cost + stays, windowMs });
      return;
    }
    if (cost !== 0) adjustments.push({ key, by: cost, expiresAt, isRecorded });
    if (stays !== 0) adjustments.push({ key, by: stays, expiresAt });
  }

  #note(claims: readonly BudgetClaim[], reservation: Reservation | undefined): MaybePromise<NoRoom | undefined> {
    if (reservation?.ok === false) return { claim: claims[reservation.refused] as BudgetClaim, total: reservation.total };
    if (!reservation) return undefined;
    const { amount } = claims[0] as BudgetClaim;
    if (!this.#isSettled) this.add(amount, reservation);
    else return this.#giveBack(amount, reservation);
    return undefined;
  }

  async #giveBack(amount: number, { at, hold }: Admitted): Promise<undefined> {
    const inWindows = this.#claims.flatMap(({ key, windowMs }) => (windowMs === undefined ? [] : [{ key, by: -amount, windowMs, at }]));
    await this.#store.adjust(inWindows, hold ? [hold] : []);
    return undefined;
  }
}
