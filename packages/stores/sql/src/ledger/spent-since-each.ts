import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';
import { callsOf, COLUMNS, HOUR_MS } from './spent-since.ts';
import type { Dimension } from './to-sums.ts';

/** Databases take so many parameters in one question, and more. */
const MOST_AT_ONCE = 5000;

type Row = { readonly id: string | null; readonly sum: string | number | null };

/**
 * What several of a dimension have spent since a moment, by two questions however many they are: from the sums of whole
 * hours, and from the calls of the one that is not.
 */
export async function spentSinceEach(db: Kysely<Schema>, dimension: Dimension, ids: readonly string[], since: number): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  const add = ({ id, sum }: Row): void => void (id !== null && sum !== null && sums.set(id, (sums.get(id) ?? 0) + toNumber(sum)));
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const some = ids.slice(start, start + MOST_AT_ONCE);
    const firstHour = Math.ceil(since / HOUR_MS) * HOUR_MS;
    const hours = await db
      .selectFrom('spend_hourly')
      .select(({ fn }) => ['id', fn.sum<string | number | null>('cost_nano_usd').as('sum')])
      .where('dimension', '=', dimension)
      .where('id', 'in', some)
      .where('bucket', '>=', firstHour)
      .groupBy('id')
      .execute();
    hours.forEach(add);
    if (firstHour !== since) (await restOf(db, dimension, some, since, firstHour)).forEach(add);
  }
  return sums;
}

/** Of the hour in which `since` lies. Tags are a list in a call, so each is looked for by itself. */
async function restOf(db: Kysely<Schema>, dimension: Dimension, ids: readonly string[], since: number, until: number): Promise<readonly Row[]> {
  const column = dimension === 'tag' || dimension === 'gateway' ? undefined : COLUMNS[dimension];
  if (column?.length === 1) {
    const name = sql.ref<string | null>(column[0]);
    return db
      .selectFrom('calls')
      .select(({ fn }) => [name.as('id'), fn.sum<string | number | null>('cost_nano_usd').as('sum')])
      .where('at', '>=', since)
      .where('at', '<', until)
      .where(name, 'in', ids)
      .groupBy(name)
      .execute();
  }
  const rows: Row[] = [];
  for (const id of ids) {
    const { sum } = await callsOf(db, dimension, id, since)
      .select(({ fn }) => fn.sum<string | number | null>('cost_nano_usd').as('sum'))
      .where('at', '<', until)
      .executeTakeFirstOrThrow();
    rows.push({ id, sum });
  }
  return rows;
}
