import type { GatewayError } from '../errors/gateway-error.ts';
import { contextKey } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { isLocal } from '../pipeline/operations.ts';
import { findFault } from '../requests/validate.ts';

/** Why a call cannot be taken, known before it began: its request could not be read, or the gateway is closing. */
export const refusal = contextKey<GatewayError>('refusal');

/**
 * The innermost of the auth phase: who sends a malformed request is told so only after being known.
 * From here on a request is what its operation's type says, whether it came by HTTP or from this process.
 */
export const checkRequest: Hook = {
  name: 'check-request',
  phase: 'auth',
  handle(ctx, next) {
    const fault = ctx.get(refusal) ?? (isLocal(ctx.operation) ? undefined : findFault(ctx.operation, ctx.request));
    if (fault) throw fault;
    return next();
  },
};
