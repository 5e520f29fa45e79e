import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';

const DAY_MS = 86_400_000;
const DUPLICATES = new Set(['23505', '42P07', '42710']);

/** Makes the partitions of days that calls come from. Those that are known to be there are not asked for again. */
export class Partitions {
  readonly #known = new Set<number>();

  async require(db: Kysely<Schema>, moments: Iterable<number>): Promise<void> {
    const days = new Set([...moments].map((at) => Math.floor(at / DAY_MS)));
    for (const day of days) {
      if (this.#known.has(day)) continue;
      await create(db, day);
      this.#known.add(day);
    }
  }

  forget(): void {
    this.#known.clear();
  }
}

/** Whether a call was refused because its day has no partition. */
export function isMissingPartition(error: unknown): boolean {
  return (error as { code?: string }).code === '23514';
}

/** Drops the partitions of days that have ended before `before`. Answers how many. */
export async function dropPartitions(db: Kysely<Schema>, before: number): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'calls'::regclass`.execute(db);
  const old = rows.filter(({ name }) => {
    const [, date] = /calls_(\d{8})$/.exec(name) ?? [];
    return date !== undefined && Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`) + DAY_MS <= before;
  });
  for (const { name } of old) await sql`drop table if exists ${sql.table(name)}`.execute(db);
  return old.length;
}

async function create(db: Kysely<Schema>, day: number): Promise<void> {
  const name = `calls_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS].map((edge) => sql.lit(edge));
  try {
    await sql`create table if not exists ${sql.table(name)} partition of calls for values from (${from}) to (${to})`.execute(db);
  } catch (error) {
    // Another process was faster.
    if (!DUPLICATES.has((error as { code?: string }).code ?? '')) throw error;
  }
}
