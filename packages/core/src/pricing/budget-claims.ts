import { LRUCache } from 'lru-cache';
import { lengthMs, type Period, periodFinder } from './budget-period.ts';
import { counterName } from '../store/counter-name.ts';
import type { BudgetWindow, Owner } from '../types/principal.ts';
import type { SpendingClaim } from './recorded-spend.ts';

/** A claim on a budget. Its limit is out of reach where the budget binds nobody: in shadow, or soft only. */
export type BudgetClaim = SpendingClaim & { readonly kind: 'budget'; readonly owner: Owner };

const DAY_MS = 86_400_000;
const REMEMBERED = 1000;
const OUT_OF_REACH = Number.MAX_SAFE_INTEGER;

/** Whether anything is counted. */
export function hasBudget({ budgetNanoUsd, softBudgetNanoUsd }: Owner): boolean {
  return budgetNanoUsd !== undefined || softBudgetNanoUsd !== undefined;
}

/** The budget that may refuse a call. */
export function bindingBudget({ budgetNanoUsd, isShadow }: Owner): number | undefined {
  return isShadow ? undefined : budgetNanoUsd;
}

/** Claims of `amount` nano-dollars on the budgets of owners. A budget that starts anew has a counter for each period. */
export function budgetClaimer(): (owners: readonly Owner[], amount: number, now: number) => BudgetClaim[] {
  const finders = new LRUCache<string, (now: number) => Period>({ max: REMEMBERED });
  const names: Record<string, (id: string) => string> = {};

  function periodOf(window: BudgetWindow, now: number): Period {
    const name = `${window.length} ${window.timeZone} ${window.resetAt}`;
    let find = finders.get(name);
    if (!find) finders.set(name, (find = periodFinder(window)));
    return find(now);
  }

  return function claimBudgets(owners, amount, now) {
    const claims: BudgetClaim[] = [];
    for (const owner of owners) {
      if (!hasBudget(owner)) continue;
      const { budgetWindow: window } = owner;
      const limit = bindingBudget(owner) ?? OUT_OF_REACH;
      const key = (names[owner.kind] ??= counterName(`budget:${owner.kind}:`))(owner.id);
      if (window === undefined) claims.push({ key, amount, limit, isHeld: true, kind: 'budget', owner, since: 0 });
      else if (window.alignment === 'rolling') {
        const windowMs = lengthMs(window.length);
        claims.push({ key, amount, limit, windowMs, kind: 'budget', owner, since: now - windowMs });
      } else {
        const { id, startsAt, endsAt } = periodOf(window, now);
        // A day more, for calls that end after their period, and for clocks that differ.
        claims.push({ key: `${key}:${id}`, amount, limit, isHeld: true, expiresAt: endsAt + DAY_MS, kind: 'budget', owner, since: startsAt });
      }
    }
    return claims;
  };
}
