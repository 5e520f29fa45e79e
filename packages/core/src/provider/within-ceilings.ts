import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { maxOutputTokens } from '../pricing/output-limit.ts';
import { counterName } from '../store/counter-name.ts';
import type { Adjustment, Claim, Reservation, Store } from '../store/store.ts';
import { type OnStoreError, tryStore } from '../store/try-store.ts';
import type { Reply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { Deployment } from '../types/model.ts';

const WINDOW_MS = 60_000;
/** Output to count with for calls that set no limit to it, until it is known. */
const ASSUMED_OUTPUT_TOKENS = 1024;

const TOKENS = 'tokens:deployment:';

const requestsOf = counterName('requests:deployment:');
const tokensOf = counterName(TOKENS);
const NONE: readonly Claim[] = [];

export type CeilingOptions = {
  /** Whether what providers allow is a ceiling now. */
  readonly isOn: () => boolean;
  readonly store: Store;
  readonly onStoreError: OnStoreError;
};

/**
 * Sees that no deployment is called more often than its provider allows: by this instance or any other that shares the
 * store. A try that finds no room fails with `deployments_busy` before anybody is asked, and the router goes elsewhere.
 */
export function withinCeilings(handler: Handler, { isOn, store, onStoreError }: CeilingOptions): Handler {
  return (ctx) => {
    const claims = ctx.deployment && isOn() ? claimsOf(ctx, ctx.deployment) : NONE;
    return claims.length === 0 ? handler(ctx) : admitted(ctx, claims);
  };

  async function admitted(ctx: Context, claims: readonly Claim[]): Promise<Reply> {
    const reservation = await tryStore(() => store.reserve(claims), onStoreError);
    if (reservation?.ok === false) throw full(ctx.deployment as Deployment, reservation);
    let isOver = false;
    let used: Usage | undefined;
    // Before the try, so that what it defers itself, such as the count of a stream that broke, is done by then.
    ctx.defer(async () => {
      const adjustments = reservation ? corrections(claims, isOver ? used : ctx.usage, reservation.at) : [];
      if (adjustments.length > 0) await store.adjust(adjustments);
    });
    try {
      const reply = await handler(ctx);
      // Another try may follow, with a use of its own.
      isOver = reply.kind === 'complete';
      used = ctx.usage;
      return reply;
    } catch (error) {
      isOver = true;
      throw error;
    }
  }
}

/** From the estimate to the truth. A try that has failed has used its request. */
function corrections(claims: readonly Claim[], used: Usage | undefined, at: number): Adjustment[] {
  const tokens = used ? used.inputTokens + used.outputTokens : 0;
  return claims
    .filter(({ key, amount }) => key.startsWith(TOKENS) && amount !== tokens)
    .map(({ key, amount }) => ({ key, by: tokens - amount, windowMs: WINDOW_MS, at }));
}

function claimsOf({ operation, request }: Context, { id, requestsPerMinute, tokensPerMinute }: Deployment): readonly Claim[] {
  const claims: Claim[] = [];
  if (requestsPerMinute !== undefined) claims.push({ key: requestsOf(id), amount: 1, limit: requestsPerMinute, windowMs: WINDOW_MS });
  if (tokensPerMinute !== undefined) {
    const least = estimateTokens(request);
    // A call whose possible output alone is over the limit still gets in when nothing else is under way.
    const amount = Math.max(least, Math.min(tokensPerMinute, least + maxOutputTokens(operation, request, ASSUMED_OUTPUT_TOKENS)));
    claims.push({ key: tokensOf(id), amount, limit: tokensPerMinute, windowMs: WINDOW_MS });
  }
  return claims;
}

function full({ id }: Deployment, { retryAfterMs }: Extract<Reservation, { readonly ok: false }>): GatewayError {
  return new GatewayError('deployments_busy', `'${id}' has been called as often within a minute as its provider allows`, {
    retryable: true,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
