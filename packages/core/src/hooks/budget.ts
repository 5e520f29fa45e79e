import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { costBound } from '../pricing/cost-bound.ts';
import { formatUsd } from '../pricing/money.ts';
import { priceBoundOf } from '../pricing/price-bound.ts';
import type { Adjustment, Claim, Store } from '../store/store.ts';
import { isPromise, type OnStoreError, tryStore } from '../store/try-store.ts';
import type { Reply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { ModelGroup } from '../types/model.ts';

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

type BudgetClaim = Claim & { readonly whose: 'key' | 'address' | 'gateway' };

const OWNERS = { key: 'of this key', address: 'of this address', gateway: 'of the whole gateway' } as const;

/**
 * Holds the most a call may cost before it is made, and settles to what it did cost when it has ended, however
 * it ended. Parallel calls can therefore not overspend together.
 *
 * Two counters: `budget:` with what is spent or held, which limits are held against, and `spend:` with what is
 * spent, which is kept for every key and shown to it.
 */
export function budget(options: BudgetOptions): Hook {
  const { store, models, perKeyNanoUsd, gatewayNanoUsd, unpriced = 'refuse', assumedOutputTokens = 4096, defaultFallbacks = [], onStoreError = 'closed' } = options;

  return {
    name: 'budget',
    phase: 'budget',
    async handle(ctx, next) {
      const claims = claimsOf(ctx);
      if (claims.length > 0) {
        const asked = tryStore(() => store.reserve(claims), onStoreError);
        const reservation = isPromise(asked) ? await asked : asked;
        if (reservation?.ok === false) throw exceeded(claims[reservation.refused] as BudgetClaim, reservation.total);
        if (reservation === undefined) claims.length = 0;
      }
      ctx.defer(() => settle(ctx, claims));
      return ctx.principal === undefined ? next() : showSpend(ctx, ctx.principal.keyId, next);
    },
  };

  function claimsOf(ctx: Context): BudgetClaim[] {
    const { principal, policy } = ctx;
    const claims: BudgetClaim[] = [];
    let amount: number | undefined;
    const claim = (whose: BudgetClaim['whose'], name: string, limit: number | undefined): void => {
      if (limit === undefined) return;
      amount ??= mostItCosts(ctx);
      claims.push({ key: `budget:${whose}:${name}`, amount, limit, whose });
    };
    if (principal) claim('key', principal.keyId, principal.budgetNanoUsd ?? perKeyNanoUsd);
    if (policy) claim('address', policy.name, policy.budgetNanoUsd);
    claim('gateway', '', gatewayNanoUsd);
    return claims;
  }

  /** By the dearest group that may come to answer. */
  function mostItCosts(ctx: Context): number {
    let most = 0;
    for (const group of mayAnswer(ctx)) {
      const bound = priceBoundOf(group);
      if (bound.unpriced && unpriced === 'refuse') throw noPrice(group, bound.unpriced.model);
      most = Math.max(most, costBound(ctx, bound, assumedOutputTokens));
    }
    return most;
  }

  function mayAnswer(ctx: Context): Iterable<ModelGroup> {
    const first = models.resolve(ctx.request.model);
    if (!first || (first.fallbacks === undefined && defaultFallbacks.length === 0)) return first ? [first] : [];
    const found = new Map([[first.name, first]]);
    const names = [...(first.fallbacks ?? []), ...defaultFallbacks];
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const group = mayUse(ctx, name) ? models.resolve(name) : undefined;
      if (!group || found.has(group.name)) continue;
      found.set(group.name, group);
      names.push(...(group.fallbacks ?? []));
    }
    return found.values();
  }

  function settle(ctx: Context, claims: readonly BudgetClaim[]): MaybePromise<void> {
    const cost = costSoFar(ctx);
    const adjustments: Adjustment[] = [];
    for (const { key, amount } of claims) if (cost !== amount) adjustments.push({ key, by: cost - amount });
    if (cost > 0 && ctx.principal) adjustments.push({ key: spendKey(ctx.principal.keyId), by: cost });
    return adjustments.length === 0 ? undefined : store.adjust(adjustments);
  }

  /** Reads the key's spend while the call runs, so that it adds no wait of its own. A failed read shows nothing. */
  async function showSpend(ctx: Context, keyId: string, next: Next): Promise<Reply> {
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

function spendKey(keyId: string): string {
  return `spend:key:${keyId}`;
}

function exceeded({ whose, limit, amount }: BudgetClaim, total: number): GatewayError {
  const left = Math.max(0, limit - total);
  return new GatewayError(
    'budget_exceeded',
    `The budget ${OWNERS[whose]} of $${formatUsd(limit)} has $${formatUsd(left)} left, and this call may cost up to $${formatUsd(amount)}.${left > 0 ? ' A lower max_tokens asks for less.' : ''}`,
  );
}

function noPrice(group: ModelGroup, model: string): GatewayError {
  return new GatewayError('model_unpriced', `A budget is in force, and nothing says what '${model}', which may answer for '${group.name}', costs`, { param: 'model' });
}
