import { type Kysely, sql } from 'kysely';
import { calls } from './migrations/0001-calls.ts';
import { directory } from './migrations/0002-directory.ts';
import type { DatabaseKind, Migration } from './migrations/migration.ts';
import type { Schema } from './schema.ts';

/** In their order. What has been published is never changed: the next change is another migration. */
const MIGRATIONS: readonly (readonly [name: string, migration: Migration])[] = [
  ['0001-calls', calls],
  ['0002-directory', directory],
];

/** Any number; those who migrate the same database have to agree on it. */
const LOCK = 7_316_552_184;

/**
 * Brings the tables up to date, all steps or none: a process that is killed half-way leaves nothing behind. Any number
 * of processes may do it at once; they wait for each other.
 */
export async function migrate(db: Kysely<Schema>, kind: DatabaseKind): Promise<void> {
  await db.connection().execute(async (connection) => {
    await (kind === 'postgres' ? sql`begin` : sql`begin immediate`).execute(connection);
    try {
      await runMissing(connection as unknown as Kysely<unknown>, kind);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

async function runMissing(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(db);
  await sql`create table if not exists sluice_migrations (name text primary key, at bigint not null)`.execute(db);
  const { rows } = await sql<{ name: string }>`select name from sluice_migrations`.execute(db);
  const done = new Set(rows.map(({ name }) => name));
  const unknown = [...done].filter((name) => !MIGRATIONS.some(([known]) => known === name));
  if (unknown.length > 0) throw new Error(`The database was made by a later version, which knows of ${unknown.join(', ')}`);
  for (const [name, run] of MIGRATIONS) {
    if (done.has(name)) continue;
    await run(db, kind);
    await sql`insert into sluice_migrations (name, at) values (${name}, ${Date.now()})`.execute(db);
  }
}
