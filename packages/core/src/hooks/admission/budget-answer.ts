import { GatewayError } from '../../errors/gateway-error.ts';
import { formatUsd } from '../../pricing/money.ts';
import type { BudgetClaim } from '../../pricing/budget-claims.ts';
import { ownedBy } from './owners.ts';

/** The refusal of a call that its budget has no room for. */
export function exceeded(claim: BudgetClaim, { total }: { readonly total: number }): GatewayError {
  const left = Math.max(0, claim.limit - total);
  const advice = left > 0 ? ' A lower max_tokens asks for less.' : '';
  return new GatewayError(
    'budget_exceeded',
    `${budgetOf(claim)} has $${formatUsd(left)} left, and this call may cost up to $${formatUsd(claim.amount)}.${advice}`,
  );
}

/** The end of an answer that has used up all there was. */
export function usedUp(claim: BudgetClaim): GatewayError {
  return new GatewayError('budget_exceeded', `${budgetOf(claim)} is used up; the answer is incomplete`);
}

function budgetOf({ owner, limit }: BudgetClaim): string {
  return `The budget ${ownedBy(owner.kind)} of $${formatUsd(limit)}`;
}
