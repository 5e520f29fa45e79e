import type { CallRecord } from '@sluice/core';
import type { CallsTable } from '../schema.ts';

/** A call record as a row of the ledger. */
export function toRow(record: CallRecord): CallsTable {
  const { usage } = record;
  return {
    id: record.id,
    at: Date.parse(record.startedAt),
    operation: record.operation,
    model: record.model,
    model_group: record.group ?? null,
    provider: record.provider ?? null,
    deployment_id: record.deploymentId ?? null,
    key_id: record.keyId ?? null,
    user_id: record.userId ?? null,
    team_id: record.teamId ?? null,
    organization_id: record.organizationId ?? null,
    project_id: record.projectId ?? null,
    end_user_id: record.endUserId ?? null,
    policy: record.policy ?? null,
    tags: JSON.stringify([...new Set(record.tags)]),
    status: record.status,
    code: record.code ?? null,
    input_tokens: usage?.inputTokens ?? 0,
    output_tokens: usage?.outputTokens ?? 0,
    cached_input_tokens: usage?.cachedInputTokens ?? 0,
    cost_nano_usd: record.status === 'cache_hit' ? 0 : (record.costNanoUsd ?? null),
    duration_ms: Math.round(record.durationMs),
    record: JSON.stringify(record),
  };
}
