import { callStatus } from '../../pipeline/call-status.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Hook } from '../../pipeline/hook.ts';
import { isLocal } from '../../pipeline/operations.ts';
import type { Outcome } from '../../types/call.ts';
import { loadTelemetryApi, type TelemetryApi } from './telemetry-api.ts';
import { ATTRIBUTE, GEN_AI_VERSION, operationName } from './gen-ai-names.ts';

type Span = import('@opentelemetry/api').Span;

const LONGEST_MODEL = 200;
const FIRST_CHUNK = 'sluice.first_chunk';

/**
 * One span a call, under whatever span of the host is active, and active itself while the call waits for its
 * answer. While no SDK is registered a call pays for one look only. Without `@opentelemetry/api` there is no hook.
 */
export function telemetry(): Hook | undefined {
  const api = loadTelemetryApi();
  if (!api) return undefined;
  const { context, SpanKind, trace } = api;
  const tracer = trace.getTracer('@sluice/core', GEN_AI_VERSION);

  return {
    name: 'telemetry',
    phase: 'logger',
    handle(ctx, next) {
      if (isLocal(ctx.operation)) return next();
      const parent = context.active();
      const operation = operationName(ctx.operation);
      const model = modelName(ctx.request.model);
      const span = tracer.startSpan(
        model === '' ? operation : `${operation} ${model}`,
        { kind: SpanKind.CLIENT, attributes: { [ATTRIBUTE.operation]: operation, [ATTRIBUTE.requestModel]: model, [ATTRIBUTE.callId]: ctx.id } },
        parent,
      );
      if (!span.isRecording()) return next();
      ctx.defer((outcome) => finish(api, span, ctx, outcome));
      return context.with(trace.setSpan(parent, span), next);
    },
  };
}

/** Spans begin before a request is checked: the name may be anything, of any length. */
function modelName(model: unknown): string {
  return typeof model === 'string' ? model.slice(0, LONGEST_MODEL) : '';
}

/** No message goes into a span: a provider's may quote the prompt. */
function finish({ SpanStatusCode }: TelemetryApi, span: Span, ctx: Context, outcome: Outcome): void {
  const { status, error } = callStatus(ctx, outcome);
  const { usage, costNanoUsd, deployment, firstByteAt } = ctx;
  const isStream = ctx.request.stream === true;
  span.setAttribute(ATTRIBUTE.callStatus, status);
  if (isStream) span.setAttribute(ATTRIBUTE.isStream, true);
  if (deployment) span.setAttribute(ATTRIBUTE.provider, deployment.provider).setAttribute(ATTRIBUTE.deploymentId, deployment.id);
  if (usage) span.setAttribute(ATTRIBUTE.inputTokens, usage.inputTokens).setAttribute(ATTRIBUTE.outputTokens, usage.outputTokens);
  if (costNanoUsd !== undefined) span.setAttribute(ATTRIBUTE.costNanoUsd, costNanoUsd);
  if (isStream && firstByteAt !== undefined) {
    span.setAttribute(ATTRIBUTE.timeToFirstChunk, (firstByteAt - ctx.startedAt) / 1000);
    span.addEvent(FIRST_CHUNK, performance.timeOrigin + firstByteAt);
  }
  if (error) span.setAttribute(ATTRIBUTE.errorType, error.code).setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
