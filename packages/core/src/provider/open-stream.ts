import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { delivered } from '../pipeline/delivered.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { abandon } from '../stream/abandon.ts';
import { afterFirst, afterFirstThat } from '../stream/after-first.ts';
import { deadline } from '../stream/deadline.ts';
import type { Splitter } from '../stream/splitter.ts';
import { turns } from '../stream/turns.ts';
import type { StreamReply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import { BEGINS_WITH_NOTHING, isVisible } from './is-visible.ts';
import type { WireResponse } from './provider.ts';
import { readStream } from './read-stream.ts';
import { type Reading, usageIn } from './reading.ts';
import { StreamMeter } from './stream-meter.ts';
import { LAST_TURNS, UpstreamBody } from './upstream-body.ts';

/**
 * Waits for the first batch, or for the first that says something. From the provider's 200 on its input is to be paid, and then what was delivered,
 * by the provider's figures or, when they do not come, by the length of the text.
 */
export async function openStream({ ctx, mapping, call, charge, firstEventMs }: Reading, { body }: WireResponse, splitter: Splitter): Promise<StreamReply> {
  const meter = new StreamMeter((reply) => usageIn(reply, mapping, call));
  ctx.set(delivered, meter);
  const source = readStream(body, {
    mapping,
    call,
    splitter,
    observe(events) {
      const before = meter.usage;
      meter.observe(events);
      if (meter.usage !== before) charge(meter.usage);
    },
  });
  try {
    const first = BEGINS_WITH_NOTHING.has(call.operation) ? afterFirstThat(source, isVisible) : afterFirst(source);
    const batches = await (firstEventMs === undefined ? first : deadline(first, firstEventMs, noFirstEvent));
    ctx.firstByteAt = performance.now();
    ctx.defer(({ status }) => {
      if (status !== 'ok') return chargeWhatCame();
      if (meter.usage === undefined) charge(deliveredUsage(ctx, meter));
      return undefined;
    });
    return { kind: 'stream', batches };
  } catch (error) {
    if (ctx.controller.isAborted) await chargeWhatCame();
    // Nobody waits any longer for what is still to come.
    abandon(body);
    throw error;
  }

  /** A provider is paid for what it has sent, whether or not there was somebody to read it. */
  async function chargeWhatCame(): Promise<void> {
    await turns(LAST_TURNS);
    const rest = body instanceof UpstreamBody ? body.takeArrived() : undefined;
    if (rest) source.observeRest(rest);
    charge(deliveredUsage(ctx, meter));
  }
}

function noFirstEvent(): GatewayError {
  return new GatewayError('upstream_timeout', 'The provider did not begin its answer in time', { retryable: true });
}

/** What a stream that broke off has used: no less than was delivered, whatever was reported on the way. */
function deliveredUsage(ctx: Context, { usage, tokens }: StreamMeter): Usage {
  if (usage === undefined) return { inputTokens: estimateTokens(ctx.request), outputTokens: tokens };
  return { ...usage, outputTokens: Math.max(usage.outputTokens, tokens) };
}
