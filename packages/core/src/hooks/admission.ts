import { warn } from '../errors/warn.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import { budgetRoom } from '../pipeline/budget-room.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { type Held, heldNanoUsd, noLongerHeld, plannedNanoUsd, settledBy, staysHeldNanoUsd } from '../pipeline/later-cost.ts';
import { shadowed } from '../pipeline/shadowed.ts';
import { formatUsd } from '../pricing/money.ts';
import { Reach, type ReachOptions } from '../routing/reach.ts';
import { counterName } from '../store/counter-name.ts';
import type { Adjustment, Reservation, Store } from '../store/store.ts';
import { type OnStoreError, tryStore } from '../store/try-store.ts';
import { andThen, isPromise } from '../stream/maybe-promise.ts';
import { turns } from '../stream/turns.ts';
import type { OnBudgetAlert } from '../types/budget-alert.ts';
import type { Outcome } from '../types/call.ts';
import type { Owner } from '../types/principal.ts';
import type { MaybePromise } from '../types/json.ts';
import type { PriorityOptions } from '../types/priority.ts';
import type { Ledger } from '../types/record.ts';
import { exceeded } from './admission/budget-answer.ts';
import { BudgetAlerts } from './admission/budget-alerts.ts';
import { bindingBudget, type BudgetClaim, budgetClaimer, hasBudget } from '../pricing/budget-claims.ts';
import { cheaperModel, degradeTo } from './admission/degrade.ts';
import { Hold } from './admission/hold.ts';
import { announceLimits, rateLimited } from './admission/limit-answer.ts';
import { type LimitClaim, limitClaims, limitCorrections } from './admission/limit-claims.ts';
import { type Defaults, ownerFinder } from './admission/owners.ts';
import { ASSUMED_PAID_TOKENS, type Plan, planner } from './admission/plan.ts';
import { PriorityShares } from './admission/priority-shares.ts';
import { RecordedSpend, type SpendingClaim } from '../pricing/recorded-spend.ts';
import { withinHold } from './admission/within-hold.ts';

export type AdmissionOptions = ReachOptions & {
  readonly store: Store;
  readonly allowance?: Defaults | undefined;
  readonly unpriced?: 'refuse' | 'allow' | undefined;
  /** Output to count with for calls that set no limit to it: tokens of limits, and tokens to be paid. */
  readonly assumedOutputTokens?: { readonly limits?: number | undefined; readonly budget?: number | undefined } | undefined;
  readonly onStoreError?: OnStoreError | undefined;
  /** Knows what was spent when the store does not, or no longer. */
  readonly ledger?: Ledger | undefined;
  readonly priority?: PriorityOptions | undefined;
  /** Who hears of budgets that have come to a share of `alertAt`, to their soft budget, or to their end. */
  readonly onAlert?: OnBudgetAlert | undefined;
  readonly alertAt?: readonly number[] | undefined;
  /** Hears of a ledger that does not answer while nobody waits for it. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since the epoch, for budgets that start anew. */
  readonly now?: () => number;
};

/** Claims nothing, and is told what the key has spent. */
type SpendClaim = SpendingClaim & { readonly kind: 'spend' };

/** What a call claims: of limits, then of budgets, then what is only asked for. */
type Asked = {
  readonly limits: readonly LimitClaim[];
  readonly budgets: readonly BudgetClaim[];
  readonly plan: Plan | undefined;
  readonly claims: readonly (LimitClaim | BudgetClaim | SpendClaim)[];
};

type Admitted = Pick<Asked, 'limits' | 'budgets'> & {
  readonly owners: readonly Owner[];
  readonly hold: Hold;
  /** Absent where the store is away, and calls go on without it. */
  readonly reservation: Extract<Reservation, { readonly ok: true }> | undefined;
};

const spendKey = counterName('spend:key:');

/**
 * Admits a call when every limit and every budget of everybody who answers for it has room: requests, tokens and
 * parallel calls, and the most it may cost. All are asked in one step, so that parallel calls cannot go over
 * together, and a refused call burns nothing. When the call has ended, however it ended, what was estimated becomes
 * what was used, in one step again.
 *
 * Counters: `budget:` is what is spent or held, and budgets are held against it; `spend:` is what is spent, kept for
 * every key and shown to it.
 */
export function admission(options: AdmissionOptions): Hook {
  const { store, allowance = {}, unpriced = 'refuse', onStoreError = 'closed', ledger, onError = warn, now = Date.now } = options;
  const { limits: assumedTokens = 1024, budget: assumedPaidTokens = ASSUMED_PAID_TOKENS } = options.assumedOutputTokens ?? {};
  const reach = new Reach(options);
  const priorities = options.priority && new PriorityShares(options.priority, reach);
  const planOf = planner({ reach, unpriced, assumedOutputTokens: assumedPaidTokens });
  const ownersOf = ownerFinder(allowance);
  const claimBudgets = budgetClaimer();
  const recorded = ledger?.spentSince && new RecordedSpend({ ledger, store, onStoreError, onError, now });
  const isRecorded = recorded ? true : undefined;
  const alerts = new BudgetAlerts({ store, shares: options.alertAt, onAlert: options.onAlert, onError });

  return {
    name: 'admission',
    phase: 'rate-limit',
    async handle(ctx, next) {
      const owners = ownersOf(ctx);
      let asked = claimsOf(ctx, owners);
      if (asked.claims.length === 0) return next();
      const first = reserve(asked);
      let reservation = isPromise(first) ? await first : first;
      const cheaper = cheaperModel(ctx, asked.claims, reservation);
      if (cheaper !== undefined) {
        degradeTo(ctx, cheaper);
        if (reservation?.ok === false) reservation = await reserve((asked = claimsOf(ctx, owners)));
      }
      if (reservation?.ok === false) throw refuse(ctx, asked, reservation);

      const { limits, budgets, plan } = asked;
      const hold = new Hold(store, budgets, onStoreError);
      if (plan && reservation) {
        hold.add(plan.most, reservation);
        ctx.set(budgetRoom, { takeAnother: () => andThen(hold.take(plan.most), (noRoom) => noRoom === undefined) });
        if (ctx.get(plannedNanoUsd) !== undefined) ctx.set(heldNanoUsd, plan.most);
      }
      ctx.defer((outcome) => settle(ctx, { owners, limits, budgets, hold, reservation }, outcome));
      if (reservation) {
        announceLimits(ctx, limits, reservation.totals);
        watchShadows(ctx, asked, reservation.totals);
        priorities?.note(limits, reservation.totals);
      }
      const reply = await next();
      showSpend(ctx, reservation?.totals.at(-1));
      return plan?.openTokens !== undefined && reply.kind === 'stream' ? { kind: 'stream', batches: withinHold(reply.batches, ctx, hold, plan) } : reply;
    },
  };

  /** In the period that it was held in, which may be over. */
  function releasesOf(owners: readonly Owner[], { nanoUsd, at }: Held): Adjustment[] {
    return claimBudgets(owners, nanoUsd, at).map(({ key, windowMs, expiresAt }) => ({ key, by: -nanoUsd, windowMs, at, expiresAt }));
  }

  function claimsOf(ctx: Context, owners: readonly Owner[]): Asked {
    if (ctx.get(settledBy) !== undefined) return settlingOf(ctx, owners);
    const isBinding = owners.some(bindsMoney);
    const plan = isBinding || owners.some(countsMoney) ? planOf(ctx, isBinding) : undefined;
    const limits = limitClaims(ctx, owners, assumedTokens, plan?.most ?? 0);
    if (priorities) limits.push(...priorities.claims(ctx, assumedTokens));
    const budgets = plan ? claimBudgets(owners, plan.most, now()) : [];
    return { limits, budgets, plan, claims: [...limits, ...budgets, ...spendClaims(ctx)] };
  }

  /** What is only to be settled is owed already. */
  function settlingOf(ctx: Context, owners: readonly Owner[]): Asked {
    const budgets = claimBudgets(owners, 0, now()).map((claim) => ({ ...claim, limit: Number.MAX_SAFE_INTEGER }));
    return { limits: [], budgets, plan: undefined, claims: [...budgets, ...spendClaims(ctx)] };
  }

  function reserve({ limits, budgets, claims }: Asked): MaybePromise<Reservation | undefined> {
    const mode = limits.length + budgets.length === 0 ? 'open' : onStoreError;
    if (!recorded) return tryStore(() => store.reserve(claims), mode);
    return recorded.reserve(limits, claims.slice(limits.length) as SpendingClaim[], mode);
  }

  function refuse(ctx: Context, { claims }: Asked, refusal: Extract<Reservation, { readonly ok: false }>): GatewayError {
    const claim = claims[refusal.refused] as LimitClaim | BudgetClaim;
    if (claim.kind !== 'budget') return rateLimited(claim, refusal);
    alerts.exceeded(claim, refusal.total, ctx.id);
    return exceeded(claim, refusal);
  }

  /** Notes what would have refused the call, and did not because it is in shadow. */
  function watchShadows(ctx: Context, { limits, budgets }: Asked, totals: readonly number[]): void {
    let found: string[] | undefined;
    for (let index = 0; index < limits.length; index += 1) {
      const { kind, whose, watched } = limits[index] as LimitClaim;
      if (watched !== undefined && (totals[index] ?? 0) > watched) (found ??= []).push(`${kind}:${whose}`);
    }
    for (let index = 0; index < budgets.length; index += 1) {
      const claim = budgets[index] as BudgetClaim;
      const total = totals[limits.length + index] ?? 0;
      if (!claim.owner.isShadow || total <= (claim.owner.budgetNanoUsd ?? Infinity)) continue;
      (found ??= []).push(`budget:${claim.owner.kind}`);
      alerts.exceeded(claim, total - claim.amount, ctx.id);
    }
    if (!found) return;
    ctx.set(shadowed, found);
    ctx.setHeader('x-sluice-shadow', found.join(','));
  }

  function settle(ctx: Context, admitted: Admitted, outcome: Outcome): MaybePromise<void> {
    const closing = outcome.status !== 'ok' && ctx.deployment ? turns(TURNS_TO_CLOSE) : undefined;
    return andThen(closing, () => giveBack(ctx, admitted, outcome));
  }

  function giveBack(ctx: Context, { owners, limits, budgets, hold, reservation }: Admitted, outcome: Outcome): MaybePromise<void> {
    const cost = costSoFar(ctx);
    const { adjustments, ends } = hold.settle(cost, ctx.get(staysHeldNanoUsd) ?? 0, isRecorded);
    if (reservation) adjustments.push(...limitCorrections(ctx, limits, reservation.at, outcome, cost));
    if (cost > 0 && ctx.principal) adjustments.push({ key: spendKey(ctx.principal.keyId), by: cost, isRecorded });
    for (const held of ctx.get(noLongerHeld) ?? []) adjustments.push(...releasesOf(owners, held));
    if (reservation) lookAt(ctx, budgets, reservation.totals.slice(limits.length), cost);
    // Places for parallel calls are held like money, but not by those who have no budget.
    if (reservation?.hold && !ends.includes(reservation.hold)) ends.push(reservation.hold);
    return adjustments.length > 0 || ends.length > 0 ? (recorded ?? store).adjust(adjustments, ends) : undefined;
  }

  /** What was held for this call is gone, what it has cost has come: the rest may be spent or held by others. */
  function lookAt(ctx: Context, budgets: readonly BudgetClaim[], totals: readonly number[], cost: number): void {
    budgets.forEach((claim, index) => alerts.look(claim, (totals[index] ?? 0) - claim.amount + cost, ctx.id));
  }
}

/** Whether somebody has a limit or a budget in money that may refuse the call. */
function bindsMoney(owner: Owner): boolean {
  return bindingBudget(owner) !== undefined || (owner.limits?.costPerMinuteNanoUsd !== undefined && owner.isShadow !== true);
}

function countsMoney(owner: Owner): boolean {
  return hasBudget(owner) || owner.limits?.costPerMinuteNanoUsd !== undefined;
}

function spendClaims({ principal }: Context): readonly SpendClaim[] {
  if (!principal) return [];
  const { keyId: id } = principal;
  return [{ key: spendKey(id), amount: 0, limit: Number.MAX_SAFE_INTEGER, kind: 'spend', owner: { kind: 'key', id }, since: 0 }];
}

/** What the key has spent, this call included, in the headers of the answer. */
function showSpend(ctx: Context, spentBefore: number | undefined): void {
  if (!ctx.principal || spentBefore === undefined) return;
  ctx.setHeader('x-sluice-key-spend', formatUsd(spentBefore + costSoFar(ctx)));
}

/** Turns of the loop after which a connection that was given up is seen to be closed; until then its place is taken. */
const TURNS_TO_CLOSE = 4;

/** A call answered from the cache was paid for by the call that filled it. */
function costSoFar({ cacheStatus, costNanoUsd = 0 }: Context): number {
  return cacheStatus === 'hit' ? 0 : costNanoUsd;
}
