import type { CallPage, CallPageQuery, CallRecord } from '@sluice/core';
import type { Kysely } from 'kysely';
import type { DatabaseKind } from '../migrations/migration.ts';
import type { Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';
import { fits } from './match-calls.ts';

/** Calls as they were recorded, newest first. */
export async function findCalls(db: Kysely<Schema>, kind: DatabaseKind, query: CallPageQuery): Promise<CallPage> {
  const found = db.selectFrom('calls').where(fits(query, kind));
  const { count } = await found.select(({ fn }) => fn.countAll<string | number>().as('count')).executeTakeFirstOrThrow();
  const rows = await found.select('record').orderBy('at', 'desc').orderBy('id', 'desc').limit(query.limit).offset(query.offset).execute();
  return { records: rows.map(({ record }) => JSON.parse(record) as CallRecord), total: toNumber(count) };
}
