import { type CallRecord, defineSink, isLocal, type JsonObject, postJson, type Sink } from '@sluice/core';

export type LunarySinkOptions = {
  /** Of a Lunary project. */
  readonly publicKey: string;
  /** Default `https://api.lunary.ai`. */
  readonly baseUrl?: string;
  /** Longest wait for one answer, in milliseconds. Default 4000. */
  readonly timeoutMs?: number;
  /** The sink's name in reports of lost records. Default `lunary`. */
  readonly name?: string;
};

/**
 * Tells Lunary of every call, by the interface that its own libraries use (https://docs.lunary.ai/docs/api). What was
 * asked and answered is told where the gateway has `recordMessages`.
 *
 * @example
 * createGateway({ sinks: [lunarySink({ publicKey })] });
 */
export function lunarySink({ publicKey, baseUrl = 'https://api.lunary.ai', timeoutMs = 4000, name = 'lunary' }: LunarySinkOptions): Sink {
  const url = `${baseUrl.replace(/\/+$/, '')}/v1/runs/ingest`;
  const headers = { authorization: `Bearer ${publicKey}` };
  return defineSink({
    name,
    async write(records) {
      const events = records.filter(({ operation, keyId }) => keyId !== undefined && !isLocal(operation)).flatMap(toEvents);
      if (events.length > 0) await postJson(url, { headers, body: { events }, timeoutMs });
    },
  });
}

const NANO = 1e9;

/** A run is told by its beginning and by its end, or its failure. */
function toEvents(record: CallRecord): JsonObject[] {
  const { id: runId, startedAt, durationMs, labels = {}, said, group, model, usage, costNanoUsd = 0, status, code, message, endUserId, userId } = record;
  const isFailed = status === 'error' || status === 'refused';
  const endedAt = new Date(Date.parse(startedAt) + Math.round(durationMs)).toISOString();
  const run = { type: 'llm', runId, ...(typeof labels.parent_run_id === 'string' && { parentRunId: labels.parent_run_id }) };
  const start = {
    ...run,
    event: 'start',
    name: group ?? model,
    timestamp: startedAt,
    userId: labels.trace_user_id ?? endUserId ?? userId,
    tags: record.tags,
    runtime: 'sluice',
    metadata: {
      ...labels,
      operation: record.operation,
      provider: record.provider,
      deployment: record.deploymentId,
      key: record.keyId,
      team: record.teamId,
      costUsd: costNanoUsd / NANO,
    },
    ...(said?.request && { input: said.request.messages ?? said.request.input ?? said.request.prompt }),
  };
  if (isFailed) return [start, { ...run, event: 'error', timestamp: endedAt, error: { message: [code, message].filter(Boolean).join(': ') } }];
  const end = {
    ...run,
    event: 'end',
    timestamp: endedAt,
    ...(usage && { tokensUsage: { prompt: usage.inputTokens, completion: usage.outputTokens } }),
    ...(said?.answer && { output: outputOf(said.answer) }),
  };
  return [start, end];
}

function outputOf(answer: JsonObject): unknown {
  const [choice] = (answer.choices ?? []) as readonly { readonly message?: unknown; readonly text?: unknown }[];
  return choice?.message ?? choice?.text ?? answer.output;
}
