import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Next } from '../pipeline/hook.ts';
import type { Reply } from '../types/call.ts';
import type { DeploymentLoad } from './load.ts';

export type MeasuredOptions = {
  readonly now: () => number;
  /** Whether its place was taken already. */
  readonly hasBegun: boolean;
};

/** Makes one try and notes how busy and how slow it found the deployment: until its last byte, or until it failed. */
export async function measured(ctx: Context, load: DeploymentLoad, next: Next, { now, hasBegun }: MeasuredOptions): Promise<Reply> {
  const beganAt = now();
  if (!hasBegun) load.begin();
  try {
    const reply = await next();
    const firstTokenMs = now() - beganAt;
    const isStream = reply.kind !== 'complete';
    const { usage } = ctx;
    if (isStream)
      ctx.defer(({ status }) => load.end(status === 'aborted' ? undefined : { isStream, firstTokenMs, durationMs: now() - beganAt, usage: ctx.usage }));
    else load.end({ isStream, firstTokenMs, durationMs: firstTokenMs, usage });
    return reply;
  } catch (error) {
    // Silence is slowness, and what fails at once is not speed.
    const isSilence = GatewayError.is(error) && error.code === 'upstream_timeout' && !ctx.controller.isAborted;
    const waitedMs = now() - beganAt;
    load.end(isSilence ? { isStream: ctx.request.stream === true, firstTokenMs: waitedMs, durationMs: waitedMs, usage: undefined } : undefined);
    throw error;
  }
}
