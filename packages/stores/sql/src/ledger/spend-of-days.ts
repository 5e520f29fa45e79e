import type { CallField, CallMatch, SpendPart, SpendQuery, SpendRow } from '@sluice/core';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { type Dimension, GRAINS } from './to-sums.ts';
import { SUMS, toSpendRow } from './to-spend-row.ts';

const DAY_MS = GRAINS.spend_daily;
/** What the sums of each dimension are split by as well. */
const SPLIT = ['model', 'provider'] as const satisfies readonly CallField[];
const KEPT: ReadonlySet<string> = new Set<Dimension>(['key', 'user', 'team', 'organization', 'project', 'end_user', 'tag'] satisfies (Dimension & CallField)[]);

export type DailyQuery = SpendQuery & { readonly where: CallMatch; readonly dimension: Dimension };

/** The question put to the daily sums, where they can answer it: for whole days, and of one dimension. */
export function toDailyQuery(query: SpendQuery): DailyQuery | undefined {
  const { from, to, by, within } = query;
  const [scope, ...others] = within ?? [{}];
  if (!scope || others.length > 0 || from % DAY_MS !== 0 || to % DAY_MS !== 0) return undefined;
  const where = query.where ?? {};
  // Of a field that both speak of, the sums would have to keep to both.
  if (Object.keys(scope).some((field) => field in where)) return undefined;
  const all = { ...where, ...scope };
  const dimensions = new Set([...by, ...Object.keys(all)].filter((name) => name !== 'day' && !SPLIT.some((part) => part === name)));
  const [dimension = 'gateway', ...more] = dimensions;
  if (more.length > 0 || (dimension !== 'gateway' && !KEPT.has(dimension))) return undefined;
  return { ...query, where: all, dimension: dimension as Dimension };
}

export async function spendOfDays(db: Kysely<Schema>, { from, to, by, where, dimension }: DailyQuery): Promise<SpendRow[]> {
  let query = db
    .selectFrom('spend_daily')
    .select(by.map((part) => columnOf(part).as(part)))
    .select(({ fn }) => SUMS.map((sum) => fn.sum<string | number>(sum).as(`sum_${sum}` as const)))
    .where('dimension', '=', dimension)
    .where('bucket', '>=', from)
    .where('bucket', '<', to)
    .orderBy('sum_cost_nano_usd', 'desc');
  for (const [field, values] of Object.entries(where)) query = query.where(columnOf(field as CallField), 'in', values.length > 0 ? values : [null]);
  for (const part of by) query = query.groupBy(columnOf(part)).orderBy(columnOf(part));
  return (await query.execute()).map((row) => toSpendRow(row, by));
}

function columnOf(part: SpendPart | CallField) {
  if (part === 'day') return sql<number | string>`bucket / ${sql.lit(DAY_MS)}`;
  return sql<string>`${sql.ref(part === 'model' ? 'model_group' : part === 'provider' ? 'provider' : 'id')}`;
}
