import type { Context } from '../../pipeline/context.ts';
import { isFileOperation } from '../../pipeline/operations.ts';
import { estimateTokens } from '../../pricing/estimate.ts';
import { maxOutputTokens } from '../../pricing/output-limit.ts';
import { counterName } from '../../store/counter-name.ts';
import type { Adjustment, Claim } from '../../store/store.ts';
import type { Outcome } from '../../types/call.ts';
import type { Limits, OwnerKind } from '../../types/principal.ts';

/** A claim on a limit, and what it stands for. */
export type LimitClaim = Claim & {
  readonly kind: LimitKind;
  readonly whose: LimitOwner['kind'];
  /** The limit itself, where it only is watched: the claim's is out of reach then. */
  readonly watched?: number;
  /** Callers are not told what is left of it. */
  readonly isQuiet?: true;
};

/** Whose limits are claimed: of somebody who answers for the call, or of its group and of a priority in it. */
export type LimitOwner = {
  readonly kind: OwnerKind | 'group' | 'priority';
  readonly id: string;
  readonly limits?: Limits | undefined;
  readonly isShadow?: boolean | undefined;
};

export type LimitKind = 'requests' | 'tokens' | 'parallel' | 'cost';

/** The tokens of a call without its output, and with all that it may have. */
type TokenBound = { readonly least: number; readonly most: number };

const WINDOW_MS = 60_000;
const COUNTERS: Record<string, Readonly<Record<LimitKind, (name: string) => string>>> = {};

/** What a call that may cost `most` nano-dollars claims of the limits of its owners. */
export function limitClaims(ctx: Context, owners: readonly LimitOwner[], assumedOutputTokens: number, most: number): LimitClaim[] {
  const claims: LimitClaim[] = [];
  let tokens: TokenBound | undefined;
  for (const { limits, kind: whose, id, isShadow } of owners) {
    if (limits === undefined) continue;
    const { requestsPerMinute, tokensPerMinute, parallelCalls, costPerMinuteNanoUsd } = limits;
    const nameOf = (COUNTERS[whose] ??= countersOf(whose));
    const first = claims.length;
    if (requestsPerMinute !== undefined)
      claims.push({ key: nameOf.requests(id), amount: 1, limit: requestsPerMinute, windowMs: WINDOW_MS, kind: 'requests', whose });
    if (tokensPerMinute !== undefined) {
      tokens ??= tokenBound(ctx, assumedOutputTokens);
      // A call whose possible output alone is over the limit still gets in when nothing else is under way.
      const amount = Math.max(tokens.least, Math.min(tokensPerMinute, tokens.most));
      claims.push({ key: nameOf.tokens(id), amount, limit: tokensPerMinute, windowMs: WINDOW_MS, kind: 'tokens', whose });
    }
    if (costPerMinuteNanoUsd !== undefined)
      claims.push({ key: nameOf.cost(id), amount: most, limit: costPerMinuteNanoUsd, windowMs: WINDOW_MS, kind: 'cost', whose });
    if (parallelCalls !== undefined) claims.push({ key: nameOf.parallel(id), amount: 1, limit: parallelCalls, isHeld: true, kind: 'parallel', whose });
    if (isShadow) for (let index = first; index < claims.length; index += 1) claims[index] = onlyWatched(claims[index] as LimitClaim);
  }
  return claims;
}

function onlyWatched(claim: LimitClaim): LimitClaim {
  return { ...claim, limit: Number.MAX_SAFE_INTEGER, watched: claim.limit };
}

/** From the estimate to the truth, at the moment of the reservation. */
export function limitCorrections(ctx: Context, claims: readonly LimitClaim[], at: number, outcome: Outcome, cost: number): Adjustment[] {
  // Whom another hook refused has used nothing.
  const isRefused = outcome.status === 'error' && ctx.deployment === undefined;
  // What a batch has used was not used in this minute.
  const tokens = ctx.cacheStatus === 'hit' || ctx.usage === undefined || isFileOperation(ctx.operation) ? 0 : ctx.usage.inputTokens + ctx.usage.outputTokens;
  const adjustments: Adjustment[] = [];
  for (const { key, kind, amount } of claims) {
    if (kind === 'tokens' && tokens !== amount) adjustments.push({ key, by: tokens - amount, windowMs: WINDOW_MS, at });
    else if (kind === 'cost' && cost !== amount) adjustments.push({ key, by: cost - amount, windowMs: WINDOW_MS, at });
    else if (kind === 'requests' && isRefused) adjustments.push({ key, by: -1, windowMs: WINDOW_MS, at });
  }
  return adjustments;
}

function tokenBound({ operation, request }: Context, assumedOutputTokens: number): TokenBound {
  const least = estimateTokens(request);
  return { least, most: least + maxOutputTokens(operation, request, assumedOutputTokens) };
}

function countersOf(whose: LimitOwner['kind']): Readonly<Record<LimitKind, (name: string) => string>> {
  const named = (kind: LimitKind): ((id: string) => string) => counterName(`${kind}:${whose}:`);
  return { requests: named('requests'), tokens: named('tokens'), parallel: named('parallel'), cost: named('cost') };
}
