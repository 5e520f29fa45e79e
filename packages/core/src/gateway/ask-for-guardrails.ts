import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import type { AskGateway } from '../hooks/guardrail/judge.ts';
import { RESERVED_KEY_IDS } from '../keys/key-ring.ts';
import { Context } from '../pipeline/context.ts';
import { ownCall } from '../pipeline/own-call.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { Reply } from '../types/call.ts';
import type { Principal } from '../types/principal.ts';

/** Whom these calls are made for, in records. The limits of keys are not theirs: a guardrail that is refused refuses everybody. */
const GUARDRAIL: Principal = { keyId: RESERVED_KEY_IDS.guardrail, limits: {} };

/** Has a model of the gateway answer a guardrail, by a call like any other that is recorded and counted for the gateway as a whole. */
export function askForGuardrails(run: (ctx: Context) => Promise<Reply>): AskGateway {
  return async (operation, request, signal) => {
    const controller = new LazyAbortController();
    const leave = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const ctx = new Context({ id: randomUUID(), operation, request, source: { credentials: [] }, principal: GUARDRAIL, controller });
    ctx.set(ownCall, true);
    try {
      const reply = await run(ctx);
      if (reply.kind !== 'complete') throw new GatewayError('internal', 'A guardrail asks for whole answers only');
      return reply.body.value;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
}
