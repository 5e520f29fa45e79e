import type { CallsTable, SpendTable } from '../schema.ts';

/** Milliseconds of the buckets that are summed up in. */
export const GRAINS = { spend_hourly: 3_600_000, spend_daily: 86_400_000 } as const;

export type Grain = keyof typeof GRAINS;

/** What spend can be asked for by; `gateway` is everything together. */
export const DIMENSIONS = [
  'gateway',
  'key',
  'key_model',
  'user',
  'team',
  'team_member',
  'organization',
  'project',
  'end_user',
  'tag',
  'address',
  'provider',
  'deployment',
] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** What rows add to the sums of one grain, in the order of their keys: two who write at once then wait, and never for each other. */
export function toSums(rows: readonly CallsTable[], grain: Grain): SpendTable[] {
  const sums = new Map<string, SpendTable>();
  for (const row of rows) {
    const bucket = Math.floor(row.at / GRAINS[grain]) * GRAINS[grain];
    for (const [dimension, id] of idsOf(row)) add(sums, { bucket, dimension, id, model_group: row.model_group ?? '', provider: row.provider ?? '' }, row);
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

function add(sums: Map<string, SpendTable>, key: Pick<SpendTable, 'bucket' | 'dimension' | 'id' | 'model_group' | 'provider'>, row: CallsTable): void {
  const name = JSON.stringify(Object.values(key));
  let sum = sums.get(name);
  if (!sum) sums.set(name, (sum = { ...key, calls: 0, failures: 0, input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_nano_usd: 0 }));
  sum.calls += 1;
  if (row.status !== 'ok' && row.status !== 'cache_hit') sum.failures += 1;
  sum.input_tokens += row.input_tokens;
  sum.output_tokens += row.output_tokens;
  sum.cached_input_tokens += row.cached_input_tokens;
  sum.cost_nano_usd += row.cost_nano_usd ?? 0;
}

function idsOf(row: CallsTable): (readonly [Dimension, string])[] {
  const named: readonly (readonly [Dimension, string | null])[] = [
    ['gateway', ''],
    ['key', row.key_id],
    ['key_model', joined(row.key_id, row.model)],
    ['user', row.user_id],
    ['team', row.team_id],
    ['team_member', joined(row.team_id, row.user_id)],
    ['organization', row.organization_id],
    ['project', row.project_id],
    ['end_user', row.end_user_id],
    ['address', row.policy],
    ['provider', row.provider],
    ['deployment', row.deployment_id],
    ...(JSON.parse(row.tags) as string[]).map((tag) => ['tag', tag] as const),
  ];
  return named.filter((entry): entry is readonly [Dimension, string] => entry[1] !== null);
}

function joined(one: string | null, other: string | null): string | null {
  return one === null || other === null ? null : `${one}:${other}`;
}
