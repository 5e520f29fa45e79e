import { mayUse } from '../../models/may-use.ts';
import type { Context } from '../../pipeline/context.ts';
import { isFileOperation } from '../../pipeline/operations.ts';
import type { Reservation } from '../../store/store.ts';
import type { BudgetClaim } from '../../pricing/budget-claims.ts';

/**
 * The cheaper model that a budget sends the call to: because it has no room for the one that was asked for, or because
 * so much of it is used already. Nothing where the budget names none, or none that the caller may use, and for what is
 * kept at one provider.
 */
export function cheaperModel(ctx: Context, claims: readonly { readonly kind: string }[], reservation: Reservation | undefined): string | undefined {
  if (!reservation || isFileOperation(ctx.operation)) return undefined;
  if (!reservation.ok) return modelIn(ctx, claims[reservation.refused]);
  for (let index = 0; index < claims.length; index += 1) {
    const claim = claims[index];
    if (!isBudget(claim) || !claim.owner.degrade) continue;
    const used = (reservation.totals[index] ?? 0) - claim.amount;
    if (used < claim.owner.degrade.at * (claim.owner.budgetNanoUsd ?? Infinity)) continue;
    const model = modelIn(ctx, claim);
    if (model !== undefined) return model;
  }
  return undefined;
}

/** Has the call answered by another model, and says so to the caller. */
export function degradeTo(ctx: Context, model: string): void {
  ctx.setHeader('x-sluice-degraded-from', encodeURIComponent(ctx.request.model));
  ctx.request = { ...ctx.request, model };
}

function modelIn(ctx: Context, claim: { readonly kind: string } | undefined): string | undefined {
  if (!isBudget(claim)) return undefined;
  const { to = {} } = claim.owner.degrade ?? {};
  const { model } = ctx.request;
  const cheaper = Object.hasOwn(to, model) ? to[model] : undefined;
  return cheaper !== undefined && cheaper !== model && mayUse(ctx, cheaper) ? cheaper : undefined;
}

function isBudget(claim: { readonly kind: string } | undefined): claim is BudgetClaim {
  return claim?.kind === 'budget';
}
