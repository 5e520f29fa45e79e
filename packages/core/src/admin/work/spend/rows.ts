import type { CallRecord } from '../../../types/record.ts';
import type { SpendRow } from '../../../types/spend.ts';
import type { JsonObject } from '../../../types/json.ts';
import type { OutputOf } from '../../admin-route.ts';
import type { SPEND_ROUTES } from '../../contract/spend-routes.ts';
import { textOf } from '../../read-body.ts';

export type LogRow = OutputOf<(typeof SPEND_ROUTES)['spend.logs_v2']>['data'][number];

export const LOG_COLUMNS = [
  'request_id',
  'startTime',
  'endTime',
  'request_duration_ms',
  'call_type',
  'status',
  'outcome',
  'error_code',
  'model',
  'model_group',
  'model_id',
  'custom_llm_provider',
  'api_key',
  'user',
  'team_id',
  'organization_id',
  'end_user',
  'request_tags',
  'cache_hit',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'spend',
] as const satisfies readonly (keyof LogRow)[];

/** The double that is nearest to an amount, and is written as it is: `0.0000015`. */
export function toUsd(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

/** A call as LiteLLM's logs tell it. A hit of the cache costs nothing, whatever the answer once did. */
export function toLogRow(record: CallRecord): LogRow {
  const { status, usage, costNanoUsd, startedAt, durationMs } = record;
  const [input, output] = [usage?.inputTokens ?? 0, usage?.outputTokens ?? 0];
  const isHit = status === 'cache_hit';
  return {
    request_id: record.id,
    call_type: record.operation,
    api_key: record.keyId ?? null,
    user: record.userId ?? null,
    team_id: record.teamId ?? null,
    organization_id: record.organizationId ?? null,
    end_user: record.endUserId ?? null,
    model: record.model,
    model_group: record.group ?? null,
    model_id: record.deploymentId ?? null,
    custom_llm_provider: record.provider ?? null,
    spend: isHit ? 0 : costNanoUsd === undefined ? null : toUsd(costNanoUsd),
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    startTime: startedAt,
    endTime: new Date(Date.parse(startedAt) + Math.round(durationMs)).toISOString(),
    request_duration_ms: durationMs,
    request_tags: record.tags ?? [],
    cache_hit: isHit ? 'True' : 'False',
    status: isHit || status === 'ok' ? 'success' : 'failure',
    outcome: status,
    error_code: record.code ?? null,
  };
}

export function tokensOf({ inputTokens, outputTokens }: SpendRow): number {
  return inputTokens + outputTokens;
}

/** Rows by one of their parts, in the order in which each first comes. */
export function grouped(rows: readonly SpendRow[], part: keyof SpendRow): ReadonlyMap<string, readonly SpendRow[]> {
  const groups = new Map<string, SpendRow[]>();
  for (const row of rows) {
    const name = String(row[part]);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

export function summed(rows: readonly SpendRow[], value: (row: SpendRow) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

export const costOfRow = ({ costNanoUsd }: SpendRow): number => costNanoUsd;

/** Those of these fields that are there: what an object goes by. */
export function namesIn<const Name extends string>(body: JsonObject | undefined, ...names: readonly Name[]): { readonly [Key in Name]?: string } {
  const found = names.map((name) => [name, textOf(body?.[name])] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found) as { readonly [Key in Name]?: string };
}
