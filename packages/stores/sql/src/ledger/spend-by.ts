import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';
import type { Dimension } from './to-sums.ts';

/** What is summed up: a dimension's ids, or, over everything, the model groups or the providers. */
export type SpendGroup = Dimension | 'model';

export type SpendQuery = {
  /** Milliseconds since the epoch. Days count whole, in UTC. */
  readonly from: number;
  readonly to: number;
  readonly groupBy: SpendGroup;
  /** Only these, of what is grouped by. */
  readonly ids?: readonly string[];
  /** Parts each sum by `day`, by `model` or by `provider` as well. */
  readonly split?: readonly ('day' | 'model' | 'provider')[];
};

export type SpendRow = {
  readonly id: string;
  /** The start of the day, in milliseconds since the epoch, where days were asked for. */
  readonly day?: number;
  readonly model?: string;
  readonly provider?: string;
  readonly calls: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly costNanoUsd: number;
};

const DAY_MS = 86_400_000;
const PARTS = { day: 'bucket', model: 'model_group', provider: 'provider' } as const;
const SUMS = ['calls', 'failures', 'input_tokens', 'output_tokens', 'cached_input_tokens', 'cost_nano_usd'] as const;

/** Sums of spend, from the daily sums, dearest first. */
export async function spendBy(db: Kysely<Schema>, { from, to, groupBy, ids, split = [] }: SpendQuery): Promise<SpendRow[]> {
  const isPart = groupBy === 'model' || groupBy === 'provider';
  const column = isPart ? PARTS[groupBy] : 'id';
  const parts = split.map((part) => PARTS[part]).filter((part) => part !== column);
  let query = db
    .selectFrom('spend_daily')
    .select(`${column} as name`)
    .select(parts)
    .select(({ fn }) => SUMS.map((sum) => fn.sum<string | number>(sum).as(`sum_${sum}` as const)))
    .where('dimension', '=', isPart ? 'gateway' : groupBy)
    .where('bucket', '>=', Math.floor(from / DAY_MS) * DAY_MS)
    .where('bucket', '<=', to)
    .groupBy([column, ...parts])
    .orderBy('sum_cost_nano_usd', 'desc')
    .orderBy(column);
  if (ids) query = query.where(column, 'in', [...ids, '']).where(column, '!=', '');
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.name,
    ...(split.includes('day') && { day: toNumber(row.bucket) }),
    ...(split.includes('model') && { model: row.model_group ?? row.name }),
    ...(split.includes('provider') && { provider: row.provider ?? row.name }),
    calls: toNumber(row.sum_calls),
    failures: toNumber(row.sum_failures),
    inputTokens: toNumber(row.sum_input_tokens),
    outputTokens: toNumber(row.sum_output_tokens),
    cachedInputTokens: toNumber(row.sum_cached_input_tokens),
    costNanoUsd: toNumber(row.sum_cost_nano_usd),
  }));
}
