import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { maxOutputTokens } from '../pricing/output-limit.ts';
import type { Adjustment, Store } from '../store/store.ts';
import { counterName } from '../store/counter-name.ts';
import { isPromise, type OnStoreError, tryStore } from '../store/try-store.ts';
import type { Limits, Outcome } from '../types/call.ts';
import { announceLimits, type LimitClaim, rateLimited } from './rate-limit-answer.ts';

export type RateLimitOptions = {
  readonly store: Store;
  /** For each key without limits of its own. */
  readonly perKey?: Limits | undefined;
  /** For all calls together. */
  readonly gateway?: Limits | undefined;
  /** Output tokens to reserve for a call that sets no limit to them. */
  readonly assumedOutputTokens?: number | undefined;
  readonly onStoreError?: OnStoreError | undefined;
};

const WINDOW_MS = 60_000;
const COUNTERS = { key: countersOf('key'), address: countersOf('address'), gateway: countersOf('gateway') } as const;

/**
 * Admits a call when every limit on requests, tokens and parallel calls has room for it: of its key, of the
 * address it came by, and of the whole gateway. All are asked in one step, and a refused call burns none.
 */
export function rateLimit(options: RateLimitOptions): Hook {
  const { store, perKey, gateway, assumedOutputTokens = 1024, onStoreError = 'closed' } = options;

  return {
    name: 'rate-limit',
    phase: 'rate-limit',
    async handle(ctx, next) {
      const claims = claimsOf(ctx);
      if (claims.length === 0) return next();
      const asked = tryStore(() => store.reserve(claims), onStoreError);
      const reservation = isPromise(asked) ? await asked : asked;
      if (reservation === undefined) return next();
      if (!reservation.ok) throw rateLimited(claims[reservation.refused] as LimitClaim, reservation);
      ctx.defer(async (outcome) => {
        if (outcome.status !== 'ok' && ctx.deployment) await upstreamClosed();
        await store.adjust(corrections(ctx, claims, reservation.at, outcome));
      });
      announceLimits(ctx, claims, reservation.totals);
      return next();
    },
  };

  function claimsOf(ctx: Context): LimitClaim[] {
    const { principal, policy } = ctx;
    const claims: LimitClaim[] = [];
    const forKey = principal && (principal.limits ?? perKey);
    if (forKey) claim(claims, ctx, forKey, 'key', principal.keyId);
    if (policy?.limits) claim(claims, ctx, policy.limits, 'address', policy.name);
    if (gateway) claim(claims, ctx, gateway, 'gateway', '');
    return claims;
  }

  function claim(claims: LimitClaim[], ctx: Context, limits: Limits, whose: LimitClaim['whose'], name: string): void {
    const { requestsPerMinute, tokensPerMinute, parallelCalls } = limits;
    const nameOf = COUNTERS[whose];
    if (requestsPerMinute !== undefined)
      claims.push({ key: nameOf.requests(name), amount: 1, limit: requestsPerMinute, windowMs: WINDOW_MS, kind: 'requests', whose });
    if (tokensPerMinute !== undefined)
      claims.push({ key: nameOf.tokens(name), amount: tokensFor(ctx, tokensPerMinute), limit: tokensPerMinute, windowMs: WINDOW_MS, kind: 'tokens', whose });
    if (parallelCalls !== undefined) claims.push({ key: nameOf.parallel(name), amount: 1, limit: parallelCalls, kind: 'parallel', whose });
  }

  /** A call whose possible output alone is over the limit still gets in when nothing else is under way. */
  function tokensFor({ operation, request }: Context, limit: number): number {
    const input = estimateTokens(request);
    return Math.max(input, Math.min(limit, input + maxOutputTokens(operation, request, assumedOutputTokens)));
  }
}

function countersOf(whose: LimitClaim['whose']): Readonly<Record<LimitClaim['kind'], (name: string) => string>> {
  return { requests: counterName(`requests:${whose}:`), tokens: counterName(`tokens:${whose}:`), parallel: counterName(`parallel:${whose}:`) };
}

/** A connection that is given up is seen to be closed a turn of the loop later; until then its place is taken. */
async function upstreamClosed(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** From the estimate to the truth, at the moment of the reservation. */
function corrections(ctx: Context, claims: readonly LimitClaim[], at: number, outcome: Outcome): Adjustment[] {
  // Whom another hook refused has used nothing.
  const isRefused = outcome.status === 'error' && ctx.deployment === undefined;
  const tokens = ctx.cacheStatus === 'hit' || ctx.usage === undefined ? 0 : ctx.usage.inputTokens + ctx.usage.outputTokens;
  const adjustments: Adjustment[] = [];
  for (const { key, kind, amount } of claims) {
    if (kind === 'parallel') adjustments.push({ key, by: -1 });
    else if (kind === 'tokens' && tokens !== amount) adjustments.push({ key, by: tokens - amount, windowMs: WINDOW_MS, at });
    else if (kind === 'requests' && isRefused) adjustments.push({ key, by: -1, windowMs: WINDOW_MS, at });
  }
  return adjustments;
}
