import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { formatUsd } from '../pricing/money.ts';
import { counterName } from '../store/counter-name.ts';
import type { Store } from '../store/store.ts';
import { isPromise, type OnStoreError, tryStore } from '../store/try-store.ts';
import type { Reply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import { exceeded } from './budget/answer.ts';
import { type BudgetClaim, Hold } from './budget/hold.ts';
import { planner } from './budget/plan.ts';
import { withinHold } from './budget/within-hold.ts';

export type BudgetOptions = {
  readonly store: Store;
  readonly models: ModelRegistry;
  /** For each key without a budget of its own. */
  readonly perKeyNanoUsd?: number | undefined;
  /** For all calls together. */
  readonly gatewayNanoUsd?: number | undefined;
  readonly unpriced?: 'refuse' | 'allow' | undefined;
  readonly assumedOutputTokens?: number | undefined;
  readonly defaultFallbacks?: readonly string[] | undefined;
  readonly onStoreError?: OnStoreError | undefined;
};

const spendKey = counterName('spend:key:');
const COUNTERS = { key: counterName('budget:key:'), address: counterName('budget:address:'), gateway: counterName('budget:gateway:') } as const;

/**
 * Holds the most a call may cost before it is made, and settles to what it did cost when it has ended, however
 * it ended. Parallel calls can therefore not overspend together.
 *
 * Two counters: `budget:` with what is spent or held, which limits are held against, and `spend:` with what is
 * spent, which is kept for every key and shown to it.
 */
export function budget(options: BudgetOptions): Hook {
  const { store, models, perKeyNanoUsd, gatewayNanoUsd, onStoreError = 'closed' } = options;
  const { unpriced = 'refuse', assumedOutputTokens = 4096, defaultFallbacks = [] } = options;
  const planOf = planner({ models, unpriced, assumedOutputTokens, defaultFallbacks });

  return {
    name: 'budget',
    phase: 'budget',
    async handle(ctx, next) {
      const claims = claimsOf(ctx);
      if (claims.length === 0) {
        ctx.defer(() => settle(ctx));
        return showSpend(ctx, next);
      }
      const plan = planOf(ctx);
      const hold = new Hold(store, claims, onStoreError);
      const asked = hold.take(plan.most);
      const noRoom = isPromise(asked) ? await asked : asked;
      if (noRoom) throw exceeded(noRoom.claim, noRoom.total);
      ctx.defer(() => settle(ctx, hold));
      const reply = await showSpend(ctx, next);
      return reply.kind === 'stream' && plan.openTokens !== undefined ? { kind: 'stream', batches: withinHold(reply.batches, ctx, hold, plan) } : reply;
    },
  };

  function claimsOf({ principal, policy }: Context): BudgetClaim[] {
    const claims: BudgetClaim[] = [];
    const claim = (whose: BudgetClaim['whose'], name: string, limit: number | undefined): void => {
      if (limit !== undefined) claims.push({ key: COUNTERS[whose](name), amount: 0, limit, whose });
    };
    if (principal) claim('key', principal.keyId, principal.budgetNanoUsd ?? perKeyNanoUsd);
    if (policy) claim('address', policy.name, policy.budgetNanoUsd);
    claim('gateway', '', gatewayNanoUsd);
    return claims;
  }

  function settle(ctx: Context, hold?: Hold): MaybePromise<void> {
    const cost = costSoFar(ctx);
    const adjustments = hold?.corrections(cost) ?? [];
    if (cost > 0 && ctx.principal) adjustments.push({ key: spendKey(ctx.principal.keyId), by: cost });
    return adjustments.length === 0 ? undefined : store.adjust(adjustments);
  }

  /** Reads the key's spend while the call runs, so that it adds no wait of its own. A failed read shows nothing. */
  async function showSpend(ctx: Context, next: Next): Promise<Reply> {
    if (!ctx.principal) return next();
    const { keyId } = ctx.principal;
    const asked = tryStore(() => store.total(spendKey(keyId)), 'open');
    const reply = await next();
    const spent = isPromise(asked) ? await asked : asked;
    if (spent === undefined) return reply;
    const text = formatUsd(spent + costSoFar(ctx));
    ctx.setHeader('x-sluice-key-spend', text);
    ctx.setHeader('x-litellm-key-spend', text);
    return reply;
  }
}

/** A call answered from the cache was paid for by the call that filled it. */
function costSoFar({ cacheStatus, costNanoUsd = 0 }: Context): number {
  return cacheStatus === 'hit' ? 0 : costNanoUsd;
}
