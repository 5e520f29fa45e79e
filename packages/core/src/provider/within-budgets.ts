import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { askedTier } from '../pricing/asked-tier.ts';
import { type BudgetClaim, budgetClaimer } from '../pricing/budget-claims.ts';
import { costBound } from '../pricing/cost-bound.ts';
import { formatUsd } from '../pricing/money.ts';
import { noPrice } from '../pricing/no-price.ts';
import { priceBoundOfOne } from '../pricing/price-bound.ts';
import type { RecordedSpend } from '../pricing/recorded-spend.ts';
import type { Adjustment, Reservation, Store } from '../store/store.ts';
import { type OnStoreError, tryStore } from '../store/try-store.ts';
import type { Reply } from '../types/call.ts';
import type { Allowance, Owner } from '../types/principal.ts';
import type { Deployment } from '../types/model.ts';

export type ProviderBudget = Pick<Allowance, 'budgetNanoUsd' | 'budgetWindow'>;

export type WithinBudgetsOptions = {
  /** By the name of the provider, as they are now. */
  readonly providers: () => Readonly<Record<string, ProviderBudget>> | undefined;
  readonly store: Store;
  readonly onStoreError: OnStoreError;
  readonly recorded?: RecordedSpend | undefined;
  /** A deployment without a price: refused (default), or called at no cost. */
  readonly unpriced?: 'refuse' | 'allow' | undefined;
  /** Output to count with for calls that set no limit to it. */
  readonly assumedOutputTokens: number;
  /** Milliseconds since the epoch, for budgets that start anew. */
  readonly now?: () => number;
};

type Admitted = Extract<Reservation, { readonly ok: true }>;

/**
 * Sees that no more is spent at a provider, or at a deployment, than may be: by this instance or any other that shares
 * the store. Each try holds the most it may cost. One that finds no room fails before anybody is asked, and the router
 * goes elsewhere.
 */
export function withinBudgets(handler: Handler, options: WithinBudgetsOptions): Handler {
  const { providers, store, onStoreError, recorded, assumedOutputTokens, now = Date.now } = options;
  const claimBudgets = budgetClaimer();

  return (ctx) => {
    const owners = ctx.deployment ? ownersOf(ctx.deployment, providers()) : NOBODY;
    return owners.length === 0 ? handler(ctx) : admitted(ctx, ctx.deployment as Deployment, owners);
  };

  async function admitted(ctx: Context, deployment: Deployment, owners: readonly Owner[]): Promise<Reply> {
    const claims = claimBudgets(owners, mostOf(ctx, deployment), now());
    const reservation = await (recorded ? recorded.reserve([], claims, onStoreError) : tryStore(() => store.reserve(claims), onStoreError));
    if (reservation?.ok === false) throw usedUp(claims[reservation.refused] as BudgetClaim, reservation.total);
    const before = ctx.costNanoUsd ?? 0;
    const costSoFar = (): number => (ctx.costNanoUsd ?? 0) - before;
    let cost: number | undefined;
    // Before the try, so that what it defers itself, such as the bill of a stream that broke, is done by then.
    ctx.defer(() => settle(claims, reservation, cost ?? costSoFar()));
    try {
      const reply = await handler(ctx);
      // Another try may follow, and stands on the same bill.
      if (reply.kind === 'complete') cost = costSoFar();
      return reply;
    } catch (error) {
      cost = costSoFar();
      throw error;
    }
  }

  function mostOf(ctx: Context, deployment: Deployment): number {
    const bound = priceBoundOfOne(deployment, askedTier(ctx.request));
    if (bound.unpriced && options.unpriced !== 'allow') throw noPrice(`'${deployment.id}' has a budget`, `'${deployment.model}'`);
    return costBound(ctx, bound, assumedOutputTokens);
  }

  async function settle(claims: readonly BudgetClaim[], reservation: Admitted | undefined, cost: number): Promise<void> {
    const adjustments = claims.flatMap(({ key, windowMs, expiresAt, amount }): Adjustment[] => {
      if (windowMs !== undefined) return reservation ? [{ key, by: cost - amount, windowMs, at: reservation.at }] : [{ key, by: cost, windowMs }];
      return cost > 0 ? [{ key, by: cost, expiresAt, isRecorded: recorded ? true : undefined }] : [];
    });
    await (recorded ?? store).adjust(adjustments, reservation?.hold ? [reservation.hold] : []);
  }
}

const NOBODY: readonly Owner[] = [];

function ownersOf(
  { id, provider, budgetNanoUsd, budgetWindow }: Deployment,
  providers: Readonly<Record<string, ProviderBudget>> | undefined,
): readonly Owner[] {
  const ofProvider = providers && Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (budgetNanoUsd === undefined && !ofProvider) return NOBODY;
  return [
    ...(budgetNanoUsd === undefined ? [] : [{ kind: 'deployment' as const, id, budgetNanoUsd, budgetWindow }]),
    ...(ofProvider ? [{ ...ofProvider, kind: 'provider' as const, id: provider }] : []),
  ];
}

function usedUp({ owner, limit, amount }: BudgetClaim, total: number): GatewayError {
  const left = formatUsd(Math.max(0, limit - total));
  return new GatewayError(
    'deployments_over_budget',
    `The budget of the ${owner.kind} '${owner.id}' of $${formatUsd(limit)} has $${left} left, and this call may cost up to $${formatUsd(amount)}`,
    { retryable: true },
  );
}
