import { warn } from '../errors/warn.ts';
import { budgetRoom } from '../pipeline/budget-room.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { formatUsd } from '../pricing/money.ts';
import { Reach, type ReachOptions } from '../routing/reach.ts';
import { counterName } from '../store/counter-name.ts';
import type { Reservation, Store } from '../store/store.ts';
import { type OnStoreError, tryStore } from '../store/try-store.ts';
import { andThen, isPromise } from '../stream/maybe-promise.ts';
import type { Allowance, Outcome } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { Ledger } from '../types/record.ts';
import { exceeded } from './admission/budget-answer.ts';
import { type BudgetClaim, budgetClaimer } from './admission/budget-claims.ts';
import { Hold } from './admission/hold.ts';
import { announceLimits, rateLimited } from './admission/limit-answer.ts';
import { type LimitClaim, limitClaims, limitCorrections } from './admission/limit-claims.ts';
import { type Owner, ownersOf } from './admission/owners.ts';
import { ASSUMED_PAID_TOKENS, planner } from './admission/plan.ts';
import { RecordedSpend, type SpendingClaim } from './admission/recorded-spend.ts';
import { withinHold } from './admission/within-hold.ts';

export type AdmissionOptions = ReachOptions & {
  readonly store: Store;
  /** For what a key has none of its own of. */
  readonly perKey?: Allowance | undefined;
  /** For all calls together. */
  readonly gateway?: Allowance | undefined;
  readonly unpriced?: 'refuse' | 'allow' | undefined;
  /** Output to count with for calls that set no limit to it: tokens of limits, and tokens to be paid. */
  readonly assumedOutputTokens?: { readonly limits?: number | undefined; readonly budget?: number | undefined } | undefined;
  readonly onStoreError?: OnStoreError | undefined;
  /** Knows what was spent when the store does not, or no longer. */
  readonly ledger?: Ledger | undefined;
  /** Hears of a ledger that does not answer while nobody waits for it. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since the epoch, for budgets that start anew. */
  readonly now?: () => number;
};

/** Claims nothing, and is told what the key has spent. */
type SpendClaim = SpendingClaim & { readonly kind: 'spend' };

type Admitted = {
  readonly limits: readonly LimitClaim[];
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
  const { store, perKey = {}, unpriced = 'refuse', onStoreError = 'closed', ledger, onError = warn, now = Date.now } = options;
  const { limits: assumedTokens = 1024, budget: assumedPaidTokens = ASSUMED_PAID_TOKENS } = options.assumedOutputTokens ?? {};
  const planOf = planner({ reach: new Reach(options), unpriced, assumedOutputTokens: assumedPaidTokens });
  const claimBudgets = budgetClaimer();
  const recorded = ledger?.spentSince && new RecordedSpend({ ledger, store, onStoreError, onError, now });
  const gateway: Owner = { ...options.gateway, kind: 'gateway', id: '' };

  return {
    name: 'admission',
    phase: 'rate-limit',
    async handle(ctx, next) {
      const owners = ownersOf(ctx, { perKey, gateway });
      const limits = limitClaims(ctx, owners, assumedTokens);
      const hasBudget = owners.some(({ budgetNanoUsd }) => budgetNanoUsd !== undefined);
      const plan = hasBudget ? planOf(ctx) : undefined;
      const budgets = plan ? claimBudgets(owners, plan.most, now()) : [];
      const spending = [...budgets, ...spendClaims(ctx)];
      const asking = recorded?.ask(spending);
      if (asking) await asking;
      const claims = [...limits, ...(recorded?.recall(spending) ?? spending)];
      if (claims.length === 0) return next();

      const asked = tryStore(() => store.reserve(claims), limits.length + budgets.length === 0 ? 'open' : onStoreError);
      const reservation = isPromise(asked) ? await asked : asked;
      if (reservation?.ok === false) throw refusalOf(claims[reservation.refused] as LimitClaim | BudgetClaim, reservation);
      const hold = new Hold(store, budgets, onStoreError);
      if (plan && reservation) {
        hold.add(plan.most, reservation);
        ctx.set(budgetRoom, { takeAnother: () => andThen(hold.take(plan.most), (noRoom) => noRoom === undefined) });
      }
      ctx.defer((outcome) => settle(ctx, { limits, hold, reservation }, outcome));
      if (reservation) announceLimits(ctx, limits, reservation.totals);
      const reply = await next();
      showSpend(ctx, reservation?.totals.at(-1));
      return plan?.openTokens !== undefined && reply.kind === 'stream' ? { kind: 'stream', batches: withinHold(reply.batches, ctx, hold, plan) } : reply;
    },
  };

  function settle(ctx: Context, admitted: Admitted, outcome: Outcome): MaybePromise<void> {
    const closing = outcome.status !== 'ok' && ctx.deployment ? upstreamClosed() : undefined;
    return andThen(closing, () => giveBack(ctx, admitted, outcome));
  }

  function giveBack(ctx: Context, { limits, hold, reservation }: Admitted, outcome: Outcome): MaybePromise<void> {
    const cost = costSoFar(ctx);
    const { adjustments, ends } = hold.settle(cost);
    if (recorded && cost > 0) hold.forEachKey((key) => recorded.add(key, cost));
    if (reservation) adjustments.push(...limitCorrections(ctx, limits, reservation.at, outcome));
    if (cost > 0 && ctx.principal) {
      const key = spendKey(ctx.principal.keyId);
      adjustments.push({ key, by: cost });
      recorded?.add(key, cost);
    }
    // Places for parallel calls are held like money, but not by those who have no budget.
    if (reservation?.hold && !ends.includes(reservation.hold)) ends.push(reservation.hold);
    return adjustments.length > 0 || ends.length > 0 ? store.adjust(adjustments, ends) : undefined;
  }
}

function spendClaims({ principal }: Context): readonly SpendClaim[] {
  if (!principal) return [];
  const { keyId: id } = principal;
  return [{ key: spendKey(id), amount: 0, limit: Number.MAX_SAFE_INTEGER, kind: 'spend', owner: { kind: 'key', id }, since: 0 }];
}

function refusalOf(claim: LimitClaim | BudgetClaim, refusal: Extract<Reservation, { readonly ok: false }>): Error {
  return claim.kind === 'budget' ? exceeded(claim, refusal) : rateLimited(claim, refusal);
}

/** What the key has spent, this call included, in the headers of the answer. */
function showSpend(ctx: Context, spentBefore: number | undefined): void {
  if (!ctx.principal || spentBefore === undefined) return;
  ctx.setHeader('x-sluice-key-spend', formatUsd(spentBefore + costSoFar(ctx)));
}

/** A connection that is given up is seen to be closed a turn of the loop later; until then its place is taken. */
async function upstreamClosed(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** A call answered from the cache was paid for by the call that filled it. */
function costSoFar({ cacheStatus, costNanoUsd = 0 }: Context): number {
  return cacheStatus === 'hit' ? 0 : costNanoUsd;
}
