import type { SpendPart, SpendQuery, SpendRow } from '@sluice/core';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from '../migrations/migration.ts';
import type { Schema } from '../schema.ts';
import { fieldOf, fits, tagsOf } from './match-calls.ts';
import { GRAINS } from './to-sums.ts';
import { type SummedRow, toSpendRow } from './to-spend-row.ts';

const SUMMED = sql`
  count(*) as sum_calls,
  sum(case when calls.status in ('ok', 'cache_hit') then 0 else 1 end) as sum_failures,
  sum(calls.input_tokens) as sum_input_tokens,
  sum(calls.output_tokens) as sum_output_tokens,
  sum(calls.cached_input_tokens) as sum_cached_input_tokens,
  sum(calls.cost_nano_usd) as sum_cost_nano_usd`;

/** Sums of spend, call by call. */
export async function spendOfCalls(db: Kysely<Schema>, kind: DatabaseKind, query: SpendQuery): Promise<SpendRow[]> {
  const { by } = query;
  const parts = by.map((part) => sql`${partOf(part)} as ${sql.ref(part)}`);
  const from = by.includes('tag') ? sql`calls, ${tagsOf(kind)}` : sql`calls`;
  const are = by.filter((part) => part !== 'day').map((part) => sql`${partOf(part)} is not null`);
  // Of calls with a tag that is asked for, their other tags are not.
  if (by.includes('tag') && query.where?.tag) are.push(sql`tag.value in (${sql.join([...query.where.tag])})`);
  const places = by.map((_, index) => sql.lit(index + 1));
  const { rows } = await sql<SummedRow>`
    select ${sql.join([...parts, SUMMED])} from ${from}
    where ${sql.join([fits(query, kind), ...are], sql` and `)}
    ${by.length > 0 ? sql`group by ${sql.join(places)}` : sql``}
    order by ${sql.join([sql`coalesce(sum(calls.cost_nano_usd), 0) desc`, ...places])}`.execute(db);
  return rows.map((row) => toSpendRow(row, by));
}

function partOf(part: SpendPart): RawBuilder<unknown> {
  return part === 'day' ? sql`calls.at / ${sql.lit(GRAINS.spend_daily)}` : fieldOf(part);
}
