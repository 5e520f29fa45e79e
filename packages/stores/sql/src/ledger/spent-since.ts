import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { CallsTable, Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';
import { type Dimension, GRAINS } from './to-sums.ts';

const HOUR_MS = GRAINS.spend_hourly;

/** The column of single calls that a dimension is by; tags are a list there. */
const COLUMNS: Readonly<Partial<Record<Dimension, keyof CallsTable>>> = {
  key: 'key_id',
  user: 'user_id',
  team: 'team_id',
  organization: 'organization_id',
  project: 'project_id',
  end_user: 'end_user_id',
};

/** What one of a dimension has spent since a moment: from the sums of whole hours, and from the calls of the one that is not. */
export async function spentSince(db: Kysely<Schema>, dimension: Dimension, id: string, since: number): Promise<number> {
  const firstHour = Math.ceil(since / HOUR_MS) * HOUR_MS;
  const { sum } = await db
    .selectFrom('spend_hourly')
    .select(({ fn }) => fn.sum<string | number | null>('cost_nano_usd').as('sum'))
    .where('dimension', '=', dimension)
    .where('id', '=', id)
    .where('bucket', '>=', firstHour)
    .executeTakeFirstOrThrow();
  return toNumber(sum) + (firstHour === since ? 0 : await spentBetween(db, dimension, id, since, firstHour));
}

async function spentBetween(db: Kysely<Schema>, dimension: Dimension, id: string, from: number, to: number): Promise<number> {
  const column = COLUMNS[dimension];
  let query = db
    .selectFrom('calls')
    .select(({ fn }) => fn.sum<string | number | null>('cost_nano_usd').as('sum'))
    .where('at', '>=', from)
    .where('at', '<', to);
  if (column !== undefined) query = query.where(column, '=', id);
  if (dimension === 'tag') query = query.where(hasTag(id));
  const { sum } = await query.executeTakeFirstOrThrow();
  return toNumber(sum);
}

function hasTag(tag: string): RawBuilder<SqlBool> {
  const pattern = `%${JSON.stringify(tag).replaceAll(/[%_!]/g, '!$&')}%`;
  return sql<SqlBool>`tags like ${pattern} escape '!'`;
}
