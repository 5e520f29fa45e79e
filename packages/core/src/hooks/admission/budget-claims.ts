import { LRUCache } from 'lru-cache';
import { lengthMs, type Period, periodFinder } from '../../pricing/budget-period.ts';
import { counterName } from '../../store/counter-name.ts';
import type { Claim } from '../../store/store.ts';
import type { BudgetWindow } from '../../types/call.ts';
import type { Owner, OwnerKind } from './owners.ts';

/** A claim on a budget, and whose it is. */
export type BudgetClaim = Claim & { readonly kind: 'budget'; readonly whose: OwnerKind };

const DAY_MS = 86_400_000;
const REMEMBERED = 1000;

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
    for (const { budgetNanoUsd: limit, budgetWindow: window, kind: whose, id } of owners) {
      if (limit === undefined) continue;
      const key = (names[whose] ??= counterName(`budget:${whose}:`))(id);
      if (window === undefined) claims.push({ key, amount, limit, isHeld: true, kind: 'budget', whose });
      else if (window.alignment === 'rolling') claims.push({ key, amount, limit, windowMs: lengthMs(window.length), kind: 'budget', whose });
      else {
        const period = periodOf(window, now);
        // A day more, for calls that end after their period, and for clocks that differ.
        claims.push({ key: `${key}:${period.id}`, amount, limit, isHeld: true, expiresAt: period.endsAt + DAY_MS, kind: 'budget', whose });
      }
    }
    return claims;
  };
}
