import type { Adjustment, Claim, Store } from '../../store/store.ts';
import { isPromise, type OnStoreError, tryStore } from '../../store/try-store.ts';
import type { MaybePromise } from '../../types/json.ts';

export type BudgetClaim = Claim & { readonly whose: 'key' | 'address' | 'gateway' };

/** A claim that has no room, and the total that leaves it none. */
export type NoRoom = { readonly claim: BudgetClaim; readonly total: number };

/** What a call holds of its budgets. Each budget has the same amount held, so that one settlement fits all. */
export class Hold {
  readonly #store: Store;
  readonly #onStoreError: OnStoreError;
  #claims: readonly BudgetClaim[];
  #amount = 0;
  #isSettled = false;

  constructor(store: Store, claims: readonly BudgetClaim[], onStoreError: OnStoreError) {
    this.#store = store;
    this.#claims = claims;
    this.#onStoreError = onStoreError;
  }

  /** Holds `amount` more of every budget, or tells which one has no room and holds nothing more. */
  take(amount: number): MaybePromise<NoRoom | undefined> {
    const claims = this.#claims.map((claim) => ({ ...claim, amount }));
    if (claims.length === 0 || this.#isSettled) return undefined;
    const asked = tryStore(() => this.#store.reserve(claims), this.#onStoreError);
    return isPromise(asked) ? asked.then((reservation) => this.#noteLate(claims, reservation)) : this.#note(claims, asked);
  }

  /** What turns the hold into `cost`. Final: what is still being asked for is given back when it comes. */
  corrections(cost: number): Adjustment[] {
    this.#isSettled = true;
    const by = cost - this.#amount;
    return by === 0 ? [] : this.#claims.map(({ key }) => ({ key, by }));
  }

  async #noteLate(claims: readonly BudgetClaim[], reservation: Awaited<ReturnType<Store['reserve']>> | undefined): Promise<NoRoom | undefined> {
    if (!this.#isSettled) return this.#note(claims, reservation);
    if (reservation?.ok) await this.#store.adjust(claims.map(({ key, amount }) => ({ key, by: -amount })));
    return undefined;
  }

  #note(claims: readonly BudgetClaim[], reservation: Awaited<ReturnType<Store['reserve']>> | undefined): NoRoom | undefined {
    if (reservation?.ok === false) return { claim: claims[reservation.refused] as BudgetClaim, total: reservation.total };
    if (reservation) this.#amount += (claims[0] as BudgetClaim).amount;
    // The store is away, and calls go on without it: there is nothing to settle.
    else if (this.#amount === 0) this.#claims = [];
    return undefined;
  }
}
