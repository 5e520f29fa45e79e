import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';

/** Whether a failed call may still be sent again: the caller waits for it, and what it sent is still there. */
export function isOpen(ctx: Context, error: unknown): error is GatewayError {
  return GatewayError.is(error) && !ctx.controller.isAborted && isReplayable(ctx);
}

export function isReplayable({ upload }: Context): boolean {
  return upload?.isReplayable !== false;
}
