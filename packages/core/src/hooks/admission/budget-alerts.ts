import { LRUCache } from 'lru-cache';
import { formatUsd } from '../../pricing/money.ts';
import type { Store } from '../../store/store.ts';
import type { BudgetAlert, OnBudgetAlert } from '../../types/budget-alert.ts';
import type { BudgetClaim } from '../../pricing/budget-claims.ts';
import { ownedBy } from './owners.ts';

export type BudgetAlertsOptions = {
  readonly store: Store;
  /** Shares of every budget that are told of, such as 0.8. */
  readonly shares?: readonly number[] | undefined;
  /** Default: a process warning, and none for calls that were refused. */
  readonly onAlert?: OnBudgetAlert | undefined;
  readonly onError: (error: unknown) => void;
};

type Mark = Pick<BudgetAlert, 'kind' | 'share' | 'budgetNanoUsd'> & { readonly atNanoUsd: number };

const REMEMBERED = 10_000;

/**
 * Tells of budgets that have come to one of their marks: of each mark once a window, over all gateways that share the
 * store, and again when the mark has moved.
 */
export class BudgetAlerts {
  readonly #options: BudgetAlertsOptions;
  /** What was told of, by whomever, until the windows of the store are over as well. */
  readonly #told = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(options: BudgetAlertsOptions) {
    this.#options = options;
  }

  /** Looks at what is spent of a budget, in nano-dollars. Nobody waits for it, and it never fails. */
  look(claim: BudgetClaim, spentNanoUsd: number, callId: string): void {
    if (claim.owner.softBudgetNanoUsd === undefined && !this.#options.shares?.length) return;
    for (const mark of this.#marksOf(claim)) if (spentNanoUsd >= mark.atNanoUsd) this.#tell(claim, mark, spentNanoUsd, callId);
  }

  /** A call was refused for the budget, or would have been. */
  exceeded(claim: BudgetClaim, spentNanoUsd: number, callId: string): void {
    if (!this.#options.onAlert) return;
    const { budgetNanoUsd = claim.limit } = claim.owner;
    this.#tell(claim, { kind: 'exceeded', budgetNanoUsd, atNanoUsd: budgetNanoUsd }, spentNanoUsd, callId);
  }

  #marksOf({ owner: { budgetNanoUsd, softBudgetNanoUsd } }: BudgetClaim): Mark[] {
    const marks: Mark[] = [];
    if (softBudgetNanoUsd !== undefined) marks.push({ kind: 'soft_budget', budgetNanoUsd: softBudgetNanoUsd, atNanoUsd: softBudgetNanoUsd });
    if (budgetNanoUsd === undefined) return marks;
    for (const share of this.#options.shares ?? []) marks.push({ kind: 'threshold', share, budgetNanoUsd, atNanoUsd: Math.ceil(share * budgetNanoUsd) });
    return marks;
  }

  #tell({ key, windowMs, expiresAt, owner }: BudgetClaim, { atNanoUsd, ...mark }: Mark, spentNanoUsd: number, callId: string): void {
    const name = `alert:${mark.kind}:${atNanoUsd}:${key}`;
    if (this.#told.has(name)) return;
    this.#told.set(name, true, windowMs === undefined ? {} : { ttl: windowMs });
    const { kind, id, budgetWindow } = owner;
    const alert: BudgetAlert = { ...mark, owner: { kind, id }, spentNanoUsd, budgetWindow, callId };
    this.#once({ key: name, ...(windowMs === undefined ? {} : { windowMs }), ...(expiresAt === undefined ? {} : { expiresAt }) }, alert).catch(
      (error: unknown) => {
        // The next call tries again.
        this.#told.delete(name);
        this.#options.onError(error);
      },
    );
  }

  /** Whoever takes the one place there is in the window tells. */
  async #once(mark: { readonly key: string; readonly windowMs?: number; readonly expiresAt?: number }, alert: BudgetAlert): Promise<void> {
    const { store, onAlert = warnOf } = this.#options;
    const taken = await store.reserve([{ ...mark, amount: 1, limit: 1 }]);
    if (taken.ok) await onAlert(alert);
  }
}

function warnOf({ kind, owner, share = 1, spentNanoUsd, budgetNanoUsd }: BudgetAlert): void {
  const what = kind === 'soft_budget' ? 'The soft budget' : `${Math.round(share * 100)} % of the budget`;
  const whose = `${ownedBy(owner.kind)}${owner.id === '' ? '' : ` '${owner.id}'`}`;
  process.emitWarning(`${what} ${whose} of $${formatUsd(budgetNanoUsd)} is used: $${formatUsd(spentNanoUsd)}`, 'SluiceBudgetWarning');
}
