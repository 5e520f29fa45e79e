import type { CallRecord, JsonObject, Usage } from '@sluice/core';

const NANO = 1e9;

/** A call as Langfuse sees one: an observation, and the trace that it belongs to. */
export type Observation = {
  readonly id: string;
  readonly name: string;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly completionStartTime: Date | undefined;
  readonly level: 'DEFAULT' | 'WARNING' | 'ERROR';
  readonly statusMessage: string | undefined;
  readonly model: string | undefined;
  readonly modelParameters: Readonly<Record<string, string | number>> | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly usageDetails: Readonly<Record<string, number>> | undefined;
  readonly costDetails: Readonly<Record<string, number>> | undefined;
  readonly metadata: JsonObject;
  readonly parentId: string | undefined;
  readonly trace: Trace;
};

export type Trace = {
  readonly id: string;
  /** Whether somebody else has begun it, so that only what is named in `update_trace_keys` may be said of it. */
  readonly isExisting: boolean;
  readonly name: string | undefined;
  readonly userId: string | undefined;
  readonly sessionId: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly version: string | undefined;
  readonly release: string | undefined;
  readonly metadata: JsonObject | undefined;
};

/** What a caller's metadata says to Langfuse, by LiteLLM's names. https://docs.litellm.ai/docs/observability/langfuse_integration */
const DIRECTIONS = new Set(
  (
    'generation_name generation_id parent_observation_id trace_id existing_trace_id trace_name trace_user_id session_id trace_version version ' +
    'trace_release trace_metadata update_trace_keys tags mask_input mask_output'
  ).split(' '),
);

export function toObservation(record: CallRecord): Observation {
  const { id, labels = {}, said, group, model, durationMs, firstByteMs, isStream, usage, costNanoUsd = 0 } = record;
  const asked = said?.request;
  const startTime = new Date(record.startedAt);
  const at = (ms: number): Date => new Date(startTime.getTime() + Math.round(ms));
  return {
    id: textOf(labels.generation_id) ?? id,
    name: textOf(labels.generation_name) ?? `sluice-${record.operation}`,
    startTime,
    endTime: at(durationMs),
    completionStartTime: isStream && firstByteMs !== undefined ? at(firstByteMs) : undefined,
    level: record.status === 'error' ? 'ERROR' : record.status === 'refused' || record.status === 'aborted' ? 'WARNING' : 'DEFAULT',
    statusMessage: record.code === undefined ? undefined : [record.code, record.message].filter(Boolean).join(': '),
    model: textOf(said?.answer?.model) ?? group ?? (model === '' ? undefined : model),
    modelParameters: asked && parametersOf(asked),
    input: asked && labels.mask_input !== true ? (asked.messages ?? asked.input ?? asked.prompt ?? asked) : undefined,
    output: said?.answer && labels.mask_output !== true ? outputOf(said.answer) : undefined,
    usageDetails: usage && usageOf(usage),
    costDetails: costNanoUsd > 0 ? { total: costNanoUsd / NANO } : undefined,
    metadata: metadataOf(record),
    parentId: textOf(labels.parent_observation_id),
    trace: traceOf(record, labels),
  };
}

function traceOf({ id, operation, userId, endUserId, tags }: CallRecord, labels: JsonObject): Trace {
  const existing = textOf(labels.existing_trace_id);
  const mayUpdate = (name: string): boolean => existing === undefined || (Array.isArray(labels.update_trace_keys) && labels.update_trace_keys.includes(name));
  const allTags = [...new Set([...(tags ?? []), ...(Array.isArray(labels.tags) ? (labels.tags as string[]) : [])])];
  const said = Object.fromEntries(Object.entries(labels).filter(([name]) => !DIRECTIONS.has(name)));
  return {
    id: existing ?? textOf(labels.trace_id) ?? id,
    isExisting: existing !== undefined,
    name: mayUpdate('name') ? (textOf(labels.trace_name) ?? (existing === undefined ? `sluice-${operation}` : undefined)) : undefined,
    userId: mayUpdate('user_id') ? (textOf(labels.trace_user_id) ?? endUserId ?? userId) : undefined,
    sessionId: mayUpdate('session_id') ? textOf(labels.session_id) : undefined,
    tags: mayUpdate('tags') && allTags.length > 0 ? allTags : undefined,
    version: textOf(labels.trace_version) ?? textOf(labels.version),
    release: textOf(labels.trace_release),
    metadata: mayUpdate('metadata') && Object.keys(said).length > 0 ? said : undefined,
  };
}

function metadataOf(record: CallRecord): JsonObject {
  const { group, deploymentId, provider, keyId, teamId, organizationId, projectId, policy, status, retries, fallbacks } = record;
  const all = { callId: record.id, model: group, deploymentId, provider, keyId, teamId, organizationId, projectId, policy, status, retries, fallbacks };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** In parts that do not overlap, so that Langfuse's sum is right. */
function usageOf({ inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteInputTokens = 0, reasoningTokens = 0 }: Usage): Record<string, number> {
  const parts = {
    input: Math.max(0, inputTokens - cachedInputTokens - cacheWriteInputTokens),
    output: Math.max(0, outputTokens - reasoningTokens),
    cache_read_input_tokens: cachedInputTokens,
    cache_creation_input_tokens: cacheWriteInputTokens,
    reasoning_tokens: reasoningTokens,
  };
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([name, count]) => count > 0 || name === 'input' || name === 'output')),
    total: inputTokens + outputTokens,
  };
}

const NO_PARAMETERS = new Set(['model', 'messages', 'input', 'prompt', 'tools', 'stream', 'user', 'response_format', 'instructions']);

function parametersOf(request: JsonObject): Record<string, string | number> {
  const entries = Object.entries(request).filter(([name, value]) => !NO_PARAMETERS.has(name) && ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'boolean' ? String(value) : (value as string | number)]));
}

function outputOf(answer: JsonObject): unknown {
  const [choice] = (answer.choices ?? []) as readonly { readonly message?: unknown; readonly text?: unknown }[];
  return choice?.message ?? choice?.text ?? answer.output ?? answer.results ?? answer;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
