import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { unrecorded } from '../pipeline/unrecorded.ts';
import { onEnd } from '../stream/on-end.ts';
import type { Outcome, Reply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { ActiveCalls } from './active-calls.ts';
import { refusal } from './check-request.ts';
import { presentUsage } from './present-usage.ts';

export type RunCallsOptions = {
  readonly calls: ActiveCalls;
  readonly handlerFor: (ctx: Context) => Handler;
  /** No new call is let in once this says so. */
  readonly isClosing: () => boolean;
  /** Whether the last byte of an answer waits until its call is recorded, and is withheld where it cannot be. */
  readonly recordsFirst: boolean;
  readonly withholdsUnrecorded: boolean;
  readonly onError: (error: unknown) => void;
};

/** Runs calls from their first hook to their outcome: each is settled once, when the last of its answer has left. */
export function runCalls({ calls, handlerFor, isClosing, recordsFirst, withholdsUnrecorded, onError }: RunCallsOptions): (ctx: Context) => Promise<Reply> {
  return run;

  async function run(ctx: Context): Promise<Reply> {
    if (isClosing()) ctx.set(refusal, new GatewayError('shutting_down', 'The gateway is closing'));
    const slot = calls.enter(ctx);
    try {
      return deliver(ctx, slot, await handlerFor(ctx)(ctx));
    } catch (error) {
      const reported = reasonOf(ctx, error);
      const outcome: Outcome = ctx.controller.isAborted && reported.code === 'aborted' ? { status: 'aborted' } : { status: 'error', error: reported };
      // A hook may have failed with an answer in its hands, which nobody will read now.
      ctx.abort(reported);
      void settle(ctx, slot, outcome);
      throw reported;
    }
  }

  /** Hands the answer out, and settles the call when the last of it has left. */
  function deliver(ctx: Context, slot: number, reply: Reply): MaybePromise<Reply> {
    switch (reply.kind) {
      case 'complete': {
        const recorded = settleBefore(ctx, slot, { status: 'ok' });
        return recorded ? recorded.then(() => reply) : reply;
      }
      case 'stream':
        return { kind: 'stream', batches: presentUsage(followed(ctx, slot, reply.batches), ctx) };
      case 'bytes':
        return { ...reply, chunks: followed(ctx, slot, reply.chunks) };
    }
  }

  function followed<T>(ctx: Context, slot: number, source: AsyncIterable<T>): AsyncIterable<T> {
    return onEnd(source, ctx.controller, { done: (outcome) => endStream(ctx, slot, outcome), toReason: (error) => reasonOf(ctx, error) });
  }

  function endStream(ctx: Context, slot: number, outcome: Outcome): MaybePromise<void> {
    const isCut = outcome.status !== 'ok' && GatewayError.is(ctx.controller.reason);
    if (outcome.status !== 'ok') ctx.abort();
    return settleBefore(ctx, slot, isCut ? { status: 'error', error: ctx.controller.reason } : outcome);
  }

  /** Settles a call, and has its last byte wait for that where a ledger has to know of it first. */
  function settleBefore(ctx: Context, slot: number, outcome: Outcome): Promise<void> | undefined {
    const settled = settle(ctx, slot, outcome);
    if (!recordsFirst) return undefined;
    return settled.then(() => {
      const cause = ctx.get(unrecorded);
      if (cause === undefined || outcome.status !== 'ok' || !withholdsUnrecorded) return;
      throw new GatewayError('store_unavailable', 'The ledger cannot take the call at the moment, so its answer is withheld', { cause });
    });
  }

  function settle(ctx: Context, slot: number, outcome: Outcome): Promise<void> {
    calls.vacate(slot);
    return ctx.settle(outcome, onError).then(leave);
  }

  function leave(): void {
    calls.leave();
  }
}

/** A call that the gateway itself ended reports the gateway's reason and not the broken connection it caused. */
function reasonOf(ctx: Context, error: unknown): GatewayError {
  return GatewayError.is(ctx.controller.reason) ? ctx.controller.reason : GatewayError.from(error);
}
