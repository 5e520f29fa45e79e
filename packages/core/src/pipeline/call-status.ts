import { GatewayError } from '../errors/gateway-error.ts';
import type { Outcome } from '../types/call.ts';
import type { CallRecord } from '../types/record.ts';
import type { Context } from './context.ts';

/** How a settled call ended, in the words of the call record. */
export function callStatus(ctx: Context, outcome: Outcome): { readonly status: CallRecord['status']; readonly error?: GatewayError } {
  switch (outcome.status) {
    case 'ok':
      return { status: ctx.cacheStatus === 'hit' ? 'cache_hit' : 'ok' };
    case 'aborted':
      return { status: 'aborted' };
    case 'error':
      return { status: ctx.deployment === undefined ? 'refused' : 'error', error: GatewayError.from(outcome.error) };
  }
}
