import type { SpendQuery, SpendRow } from '@sluice/core';
import type { Kysely } from 'kysely';
import type { DatabaseKind } from '../migrations/migration.ts';
import type { Schema } from '../schema.ts';
import { spendOfCalls } from './spend-of-calls.ts';
import { spendOfDays, toDailyQuery } from './spend-of-days.ts';

/** Sums of spend: from the daily sums where these tell, else call by call, as far back as calls are kept. */
export async function spendBy(db: Kysely<Schema>, kind: DatabaseKind, query: SpendQuery): Promise<readonly SpendRow[]> {
  const daily = toDailyQuery(query);
  return daily ? spendOfDays(db, daily) : spendOfCalls(db, kind, query);
}
