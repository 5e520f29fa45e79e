import { createHash } from 'node:crypto';
import type { JsonObject } from '@sluice/core';
import type { Observation } from './observation.ts';

type Attribute = { readonly key: string; readonly value: JsonObject };

/**
 * Observations as an OTLP request in JSON. Attributes by Langfuse's names:
 * https://langfuse.com/integrations/native/opentelemetry#property-mapping
 */
export function toOtlp(
  observations: readonly Observation[],
  { environment, release }: { readonly environment?: string | undefined; readonly release?: string | undefined },
): JsonObject {
  const resource = attributes({ 'service.name': 'sluice', 'langfuse.environment': environment, 'langfuse.release': release });
  return {
    resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: { name: '@sluice/logger-langfuse' }, spans: observations.map(toSpan) }] }],
  };
}

const ERROR = 2;
const CLIENT = 3;

function toSpan(observation: Observation): JsonObject {
  const { id, name, startTime, endTime, level, statusMessage, trace, parentId } = observation;
  return {
    traceId: hexOf(trace.id, 32),
    spanId: hexOf(id, 16),
    ...(parentId !== undefined && { parentSpanId: hexOf(parentId, 16) }),
    name,
    kind: CLIENT,
    startTimeUnixNano: toNano(startTime),
    endTimeUnixNano: toNano(endTime),
    attributes: [...attributes(ofObservation(observation)), ...attributes(ofTrace(observation))],
    status: level === 'ERROR' ? { code: ERROR, ...(statusMessage !== undefined && { message: statusMessage }) } : {},
  };
}

function ofObservation(observation: Observation): Record<string, unknown> {
  const { completionStartTime, metadata } = observation;
  return {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.level': observation.level,
    'langfuse.observation.status_message': observation.statusMessage,
    'langfuse.observation.model.name': observation.model,
    'langfuse.observation.model.parameters': toJson(observation.modelParameters),
    'langfuse.observation.input': toJson(observation.input),
    'langfuse.observation.output': toJson(observation.output),
    'langfuse.observation.usage_details': toJson(observation.usageDetails),
    'langfuse.observation.cost_details': toJson(observation.costDetails),
    'langfuse.observation.completion_start_time': completionStartTime && toJson(completionStartTime),
    ...prefixed('langfuse.observation.metadata', metadata),
  };
}

function ofTrace({ trace, input, output }: Observation): Record<string, unknown> {
  const { name, userId, sessionId, tags, version, release, metadata, isExisting } = trace;
  return {
    'langfuse.trace.name': name,
    'user.id': userId,
    'session.id': sessionId,
    'langfuse.trace.tags': tags,
    'langfuse.version': version,
    'langfuse.release': release,
    ...(isExisting ? {} : { 'langfuse.trace.input': toJson(input), 'langfuse.trace.output': toJson(output) }),
    ...prefixed('langfuse.trace.metadata', metadata ?? {}),
  };
}

function prefixed(prefix: string, values: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function attributes(values: Readonly<Record<string, unknown>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: toValue(value) }]));
}

function toValue(value: unknown): JsonObject {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  return { stringValue: typeof value === 'string' ? value : JSON.stringify(value) };
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Ids are so many digits there. One of another form becomes a hash of itself, as in Langfuse's own libraries. */
function hexOf(id: string, digits: number): string {
  const plain = id.replaceAll('-', '').toLowerCase();
  return new RegExp(`^[0-9a-f]{${digits}}$`).test(plain) ? plain : createHash('sha256').update(id).digest('hex').slice(0, digits);
}

function toNano(time: Date): string {
  return `${time.getTime()}000000`;
}
