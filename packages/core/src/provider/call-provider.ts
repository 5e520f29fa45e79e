import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { costOf } from '../pricing/cost.ts';
import { afterFirst } from '../stream/after-first.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { mapBatches } from '../stream/map-batches.ts';
import type { Batch, Reply, Usage } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import type { Mapping, Provider, ProviderCall } from './provider.ts';
import { readStream } from './read-stream.ts';
import { StreamMeter } from './stream-meter.ts';
import type { Transport, WireResponse } from './transport.ts';
import { readUsage } from './wire-usage.ts';

export type CallProviderOptions = {
  readonly providers: readonly Provider[];
  readonly transport: Transport;
  /** Longest wait for the head of an answer, where the deployment does not say. */
  readonly timeoutMs: number;
  /** Longest silence inside an answer. */
  readonly idleTimeoutMs: number;
  /** Longest complete answer that is read. */
  readonly maxAnswerBytes: number;
};

/** The innermost handler: one call to the deployment that the router picked. */
export function callProvider(options: CallProviderOptions): Handler {
  const byName = new Map(options.providers.map((provider) => [provider.name, provider]));

  return async (ctx) => {
    const { deployment } = ctx;
    if (!deployment) throw new GatewayError('internal', 'No deployment was picked: is a router among the hooks?');
    const provider = byName.get(deployment.provider);
    const mapping = provider?.operations[ctx.operation];
    if (!provider || !mapping) throw new GatewayError('unsupported_operation', `Provider '${deployment.provider}' cannot do '${ctx.operation}'`);

    const call = toCall(ctx, deployment);
    const response = await send(ctx, provider, mapping, call, options);
    return read(ctx, mapping, call, response, options);
  };
}

function toCall(ctx: Context, deployment: Deployment): ProviderCall {
  const request = withDefaults(ctx.request, deployment.defaults);
  return { operation: ctx.operation, request, deployment, received: request === ctx.request ? ctx.received : undefined, upload: ctx.upload };
}

function withDefaults(request: ModelRequest, defaults: JsonObject | undefined): ModelRequest {
  if (defaults === undefined) return request;
  for (const field in defaults) if (request[field] === undefined) return { ...defaults, ...request };
  return request;
}

async function send(ctx: Context, provider: Provider, mapping: Mapping, call: ProviderCall, options: CallProviderOptions): Promise<WireResponse> {
  const mapped = mapping.toRequest(call);
  const wire = provider.sign ? await provider.sign(mapped, call.deployment) : mapped;
  const sentAt = performance.now();
  const response = await options.transport.send(wire, {
    signal: ctx.signal,
    timeoutMs: call.deployment.timeoutMs ?? options.timeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
  });
  ctx.upstreamMs += performance.now() - sentAt;
  if (response.status >= 200 && response.status < 300) return response;
  const body = await response.body.collect(options.maxAnswerBytes);
  throw mapping.toError({ status: response.status, headers: response.headers, body: body.toString('utf8') });
}

async function read(ctx: Context, mapping: Mapping, call: ProviderCall, { headers, body }: WireResponse, options: CallProviderOptions): Promise<Reply> {
  const contentType = String(headers['content-type'] ?? '');
  if (contentType.startsWith('text/event-stream')) return { kind: 'stream', batches: await openStream(ctx, mapping, readStream(body, mapping, call)) };
  ctx.firstByteAt = performance.now();
  if (mapping.answersBytes) return { kind: 'bytes', contentType, chunks: await afterFirst(body) };

  const bytes = await body.collect(options.maxAnswerBytes);
  const json = LazyJson.ofBytes<JsonObject>(bytes);
  const reply = mapping.toReply ? LazyJson.ofValue(mapping.toReply(parsed(json), call)) : json;
  charge(ctx, (mapping.toUsage ?? readUsage)(parsed(reply)));
  return { kind: 'complete', body: reply };
}

function parsed(json: LazyJson<JsonObject>): JsonObject {
  try {
    return json.value;
  } catch (cause) {
    throw new GatewayError('upstream_invalid_answer', 'The provider answered with something that is not JSON', { cause, retryable: true });
  }
}

/**
 * Waits for the first batch. From the provider's 200 on its input is to be paid, and then what was delivered,
 * by the provider's figures or, when the caller leaves before they come, by the length of the text.
 */
async function openStream(ctx: Context, mapping: Mapping, source: AsyncIterable<Batch>): Promise<AsyncIterable<Batch>> {
  const meter = new StreamMeter(mapping.toUsage ?? readUsage);
  const metered = mapBatches(source, (batch) => {
    const before = meter.usage;
    meter.observe(batch.events);
    if (meter.usage !== before) charge(ctx, meter.usage);
    return batch;
  });
  try {
    const batches = await afterFirst(metered);
    ctx.firstByteAt = performance.now();
    ctx.defer((outcome) => {
      if (outcome.status !== 'ok' && meter.usage === undefined) charge(ctx, estimatedUsage(ctx, meter));
    });
    return batches;
  } catch (error) {
    if (ctx.signal.aborted) charge(ctx, estimatedUsage(ctx, meter));
    throw error;
  }
}

function estimatedUsage(ctx: Context, meter: StreamMeter): Usage {
  return { inputTokens: estimateTokens(ctx.request), outputTokens: Math.ceil(meter.deliveredCharacters / 4) };
}

/** The provider's figures are running totals, so the last report is the one that counts. */
function charge(ctx: Context, usage: Usage | undefined): void {
  if (usage === undefined) return;
  ctx.usage = usage;
  const price = ctx.deployment?.price;
  if (price) ctx.costNanoUsd = costOf(usage, price);
}
