import type { SpentPart } from '@sluice/core';
import { type ExpressionBuilder, type Kysely, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';
import { type Dimension, GRAINS } from './to-sums.ts';

export const HOUR_MS = GRAINS.spend_hourly;

type Calls = SelectQueryBuilder<Schema, 'calls', object>;

/** What one of a dimension has spent since a moment, in parts of `partMs`: from the sums of hours where the parts are hours, else call by call. */
export async function spentInParts(db: Kysely<Schema>, dimension: Dimension, id: string, since: number, partMs: number): Promise<SpentPart[]> {
  const rows = await (partMs % HOUR_MS === 0 ? hoursInParts(db, dimension, id, since, partMs) : callsInParts(db, dimension, id, since, partMs)).execute();
  return rows.map(({ part, sum }) => ({ at: Math.max(since, toNumber(part) * partMs), costNanoUsd: toNumber(sum) }));
}

/** An hour that began before `since` counts whole: a little too much, for an hour at most, and never too little. */
function hoursInParts(db: Kysely<Schema>, dimension: Dimension, id: string, since: number, partMs: number) {
  const part = partOf('bucket', partMs);
  return db
    .selectFrom('spend_hourly')
    .select(({ fn }) => [part.as('part'), fn.sum<string | number>('cost_nano_usd').as('sum')])
    .where('dimension', '=', dimension)
    .where('id', '=', id)
    .where('bucket', '>', since - HOUR_MS)
    .groupBy(part)
    .orderBy('part');
}

function callsInParts(db: Kysely<Schema>, dimension: Dimension, id: string, since: number, partMs: number) {
  const part = partOf('at', partMs);
  return callsOf(db, dimension, id, since)
    .select(({ fn }) => [part.as('part'), fn.sum<string | number>('cost_nano_usd').as('sum')])
    .groupBy(part)
    .orderBy('part');
}

/** Whole numbers divide to whole numbers in both databases. Written out, because a parameter would be another expression each time. */
function partOf(column: 'bucket' | 'at', partMs: number): RawBuilder<number> {
  return sql<number>`${sql.ref(column)} / ${sql.lit(partMs)}`;
}

export function callsOf(db: Kysely<Schema>, dimension: Dimension, id: string, since: number): Calls {
  const calls = db.selectFrom('calls').where('at', '>=', since);
  return dimension === 'gateway' ? calls : calls.where((expression) => isBy(expression, dimension, id));
}

/** The columns of single calls that a dimension is by; tags are a list there. */
export const COLUMNS = {
  key: ['key_id'],
  key_model: ['key_id', 'model'],
  user: ['user_id'],
  team: ['team_id'],
  team_member: ['team_id', 'user_id'],
  organization: ['organization_id'],
  project: ['project_id'],
  end_user: ['end_user_id'],
  address: ['policy'],
  provider: ['provider'],
  deployment: ['deployment_id'],
} as const;

function isBy(expression: ExpressionBuilder<Schema, 'calls'>, dimension: Exclude<Dimension, 'gateway'>, id: string) {
  if (dimension === 'tag') return hasTag(id);
  const [first, second] = COLUMNS[dimension];
  return second === undefined ? expression(first, '=', id) : sql<SqlBool>`${sql.ref(first)} || ':' || ${sql.ref(second)} = ${id}`;
}

function hasTag(tag: string): RawBuilder<SqlBool> {
  const pattern = `%${JSON.stringify(tag).replaceAll(/[%_!]/g, '!$&')}%`;
  return sql<SqlBool>`tags like ${pattern} escape '!'`;
}
