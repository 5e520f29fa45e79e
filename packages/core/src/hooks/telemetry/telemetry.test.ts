import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Hook } from '../../pipeline/hook.ts';
import { callOf, complete, runHook, streamOf } from '../hook-bench.test.support.ts';
import { telemetry } from './telemetry.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const hook = telemetry() as Hook;

function chosen(ctx: Context): void {
  ctx.deployment = { id: 'd1', provider: 'p1', model: 'real' };
  ctx.defer(() => {
    ctx.usage = { inputTokens: 3, outputTokens: 4 };
    ctx.costNanoUsd = 500;
  });
}

function onlySpan() {
  const spans = exporter.getFinishedSpans();
  expect(spans).toHaveLength(1);
  return spans[0] as (typeof spans)[number];
}

describe('without an SDK', () => {
  it('leaves nothing on the call', async () => {
    const ctx = callOf();
    let deferred = 0;
    ctx.defer = () => void (deferred += 1);
    await runHook(hook, ctx, () => complete({}));
    expect(deferred).toBe(0);
  });
});

describe('with an SDK', () => {
  beforeAll(() => provider.register());
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('gives a call one span, with figures that became final after the answer', async () => {
    await runHook(hook, callOf(), (ctx) => {
      chosen(ctx);
      return complete({});
    });
    const span = onlySpan();
    expect(span).toMatchObject({ name: 'chat m', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET }, ended: true });
    expect(span.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.provider.name': 'p1',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.output_tokens': 4,
      'sluice.call.id': 'call-1',
      'sluice.call.status': 'ok',
      'sluice.deployment.id': 'd1',
      'sluice.cost.nano_usd': 500,
    });
  });

  it('says when the first chunk of a stream was there, in no more than twelve attributes', async () => {
    const call = callOf({ stream: true });
    await runHook(hook, call, (ctx) => {
      chosen(ctx);
      ctx.firstByteAt = ctx.startedAt + 250;
      return streamOf([[{ id: 'x' }]], new GatewayError('upstream_stream_broken', 'gone'));
    });
    const { attributes, events } = onlySpan();
    expect(attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.closeTo(0.25, 6),
      'error.type': 'upstream_stream_broken',
    });
    expect(Object.keys(attributes)).toHaveLength(12);
    expect(events.map(({ name }) => name)).toEqual(['sluice.first_chunk']);
    const [seconds, nanoseconds] = (events[0] as (typeof events)[number]).time;
    expect(seconds + nanoseconds / 1e9).toBeCloseTo((performance.timeOrigin + call.startedAt + 250) / 1000, 3);
  });

  it('names what went wrong, and quotes nobody', async () => {
    await runHook(hook, callOf(), (ctx) => {
      chosen(ctx);
      throw new GatewayError('upstream_bad_request', "cannot do 'the secret prompt'");
    });
    const span = onlySpan();
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'upstream_bad_request', 'sluice.call.status': 'error' } });
    expect(JSON.stringify([span.attributes, span.status, span.events])).not.toContain('secret');
  });

  it('takes a caller who leaves for no error', async () => {
    await runHook(hook, callOf(), (ctx) => {
      ctx.abort();
      throw new GatewayError('aborted', 'gone');
    });
    expect(onlySpan()).toMatchObject({ status: { code: SpanStatusCode.UNSET }, attributes: { 'sluice.call.status': 'aborted' } });
  });

  it("stands under the host's span, and over what is done inside the call", async () => {
    const host = trace.getTracer('host').startSpan('GET /');
    let inside: string | undefined;
    await context.with(trace.setSpan(context.active(), host), () =>
      runHook(hook, callOf(), async () => {
        await Promise.resolve();
        inside = trace.getActiveSpan()?.spanContext().spanId;
        return complete({});
      }),
    );
    const span = onlySpan();
    expect(span.parentSpanContext?.spanId).toBe(host.spanContext().spanId);
    expect(inside).toBe(span.spanContext().spanId);
  });

  it('takes a model that is no text, and cuts one that is a whole book', async () => {
    for (const model of [5, undefined, 'x'.repeat(1e6)]) await runHook(hook, callOf({ model: model as string }), () => complete({}));
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['chat', 'chat', `chat ${'x'.repeat(200)}`]);
  });

  it('gives none to what the gateway answers by itself', async () => {
    await runHook(hook, callOf({}, { operation: 'models.list' }), () => complete({}));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
