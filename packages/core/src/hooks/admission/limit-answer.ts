import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import { formatUsd } from '../../pricing/money.ts';
import type { Reservation } from '../../store/store.ts';
import type { LimitClaim } from './limit-claims.ts';
import { ownedBy } from './owners.ts';

const WINDOW = '1m0s';
const NAMES = { requests: 'requests a minute', tokens: 'tokens a minute', parallel: 'calls at the same time', cost: 'dollars a minute' } as const;

/** Written out, because names joined at every call cost more than their values. */
const HEADERS = {
  requests: { limit: 'x-ratelimit-limit-requests', remaining: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests' },
  tokens: { limit: 'x-ratelimit-limit-tokens', remaining: 'x-ratelimit-remaining-tokens', reset: 'x-ratelimit-reset-tokens' },
} as const;

/** What is left, in OpenAI's headers: of each kind, of the limit that is nearest. */
export function announceLimits(ctx: Context, claims: readonly LimitClaim[], totals: readonly number[]): void {
  for (const kind of ['requests', 'tokens'] as const) {
    let nearest: { readonly limit: number; readonly remaining: number } | undefined;
    for (let index = 0; index < claims.length; index += 1) {
      const claim = claims[index] as LimitClaim;
      if (claim.kind !== kind || claim.watched !== undefined || claim.isQuiet) continue;
      const remaining = Math.max(0, claim.limit - (totals[index] ?? 0));
      if (nearest === undefined || remaining < nearest.remaining) nearest = { limit: claim.limit, remaining };
    }
    if (!nearest) continue;
    const names = HEADERS[kind];
    ctx.setHeader(names.limit, String(nearest.limit));
    ctx.setHeader(names.remaining, String(nearest.remaining));
    ctx.setHeader(names.reset, WINDOW);
  }
}

/** The refusal, which names the limit, and when there is room again if that is known. */
export function rateLimited({ kind, whose, limit, amount }: LimitClaim, { total, retryAfterMs }: Extract<Reservation, { ok: false }>): GatewayError {
  const remaining = Math.max(0, limit - total);
  const shown = (value: number): string => (kind === 'cost' ? formatUsd(value) : String(value));
  const asked = kind === 'tokens' || kind === 'cost' ? `, and this call needs ${kind === 'cost' ? 'up to' : 'about'} ${shown(amount)}` : '';
  const advice = retryAfterMs === undefined ? (amount > limit ? ' It can never fit.' : '') : ` Try again in ${toDuration(retryAfterMs)}.`;
  return new GatewayError(
    'rate_limited',
    `The limit ${ownedBy(whose)} of ${shown(limit)} ${NAMES[kind]} is reached: ${shown(total)} are taken${asked}.${advice}`,
    {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      headers: {
        ...(kind === 'parallel' || kind === 'cost' ? {} : toHeaders(HEADERS[kind], limit, remaining, toDuration(retryAfterMs ?? 0))),
        ...(amount > limit ? { 'x-should-retry': 'false' } : {}),
      },
    },
  );
}

function toHeaders(names: (typeof HEADERS)[keyof typeof HEADERS], limit: number, remaining: number, reset: string): Record<string, string> {
  return { [names.limit]: String(limit), [names.remaining]: String(remaining), [names.reset]: reset };
}

/** As OpenAI writes it: `120ms`, `6.5s`, `1m0s`. Rounded up, so that coming back then is not too early. */
export function toDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 100) / 10;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${Math.round((seconds % 60) * 10) / 10}s`;
}
