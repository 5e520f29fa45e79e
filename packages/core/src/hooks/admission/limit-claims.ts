import type { Context } from '../../pipeline/context.ts';
import { estimateTokens } from '../../pricing/estimate.ts';
import { maxOutputTokens } from '../../pricing/output-limit.ts';
import { counterName } from '../../store/counter-name.ts';
import type { Adjustment, Claim } from '../../store/store.ts';
import type { Outcome, OwnerKind } from '../../types/call.ts';
import type { Owner } from './owners.ts';

/** A claim on a limit, and what it stands for. */
export type LimitClaim = Claim & { readonly kind: LimitKind; readonly whose: OwnerKind };

export type LimitKind = 'requests' | 'tokens' | 'parallel';

/** The tokens of a call without its output, and with all that it may have. */
type TokenBound = { readonly least: number; readonly most: number };

const WINDOW_MS = 60_000;
const COUNTERS: Record<string, Readonly<Record<LimitKind, (name: string) => string>>> = {};

/** What a call claims of the limits of its owners. */
export function limitClaims(ctx: Context, owners: readonly Owner[], assumedOutputTokens: number): LimitClaim[] {
  const claims: LimitClaim[] = [];
  let tokens: TokenBound | undefined;
  for (const { limits, kind: whose, id } of owners) {
    if (limits === undefined) continue;
    const { requestsPerMinute, tokensPerMinute, parallelCalls } = limits;
    const nameOf = (COUNTERS[whose] ??= countersOf(whose));
    if (requestsPerMinute !== undefined)
      claims.push({ key: nameOf.requests(id), amount: 1, limit: requestsPerMinute, windowMs: WINDOW_MS, kind: 'requests', whose });
    if (tokensPerMinute !== undefined) {
      tokens ??= tokenBound(ctx, assumedOutputTokens);
      // A call whose possible output alone is over the limit still gets in when nothing else is under way.
      const amount = Math.max(tokens.least, Math.min(tokensPerMinute, tokens.most));
      claims.push({ key: nameOf.tokens(id), amount, limit: tokensPerMinute, windowMs: WINDOW_MS, kind: 'tokens', whose });
    }
    if (parallelCalls !== undefined) claims.push({ key: nameOf.parallel(id), amount: 1, limit: parallelCalls, isHeld: true, kind: 'parallel', whose });
  }
  return claims;
}

/** From the estimate to the truth, at the moment of the reservation. */
export function limitCorrections(ctx: Context, claims: readonly LimitClaim[], at: number, outcome: Outcome): Adjustment[] {
  // Whom another hook refused has used nothing.
  const isRefused = outcome.status === 'error' && ctx.deployment === undefined;
  const tokens = ctx.cacheStatus === 'hit' || ctx.usage === undefined ? 0 : ctx.usage.inputTokens + ctx.usage.outputTokens;
  const adjustments: Adjustment[] = [];
  for (const { key, kind, amount } of claims) {
    if (kind === 'tokens' && tokens !== amount) adjustments.push({ key, by: tokens - amount, windowMs: WINDOW_MS, at });
    else if (kind === 'requests' && isRefused) adjustments.push({ key, by: -1, windowMs: WINDOW_MS, at });
  }
  return adjustments;
}

function tokenBound({ operation, request }: Context, assumedOutputTokens: number): TokenBound {
  const least = estimateTokens(request);
  return { least, most: least + maxOutputTokens(operation, request, assumedOutputTokens) };
}

function countersOf(whose: OwnerKind): Readonly<Record<LimitKind, (name: string) => string>> {
  return { requests: counterName(`requests:${whose}:`), tokens: counterName(`tokens:${whose}:`), parallel: counterName(`parallel:${whose}:`) };
}
