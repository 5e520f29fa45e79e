import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import Libsql from 'libsql';
import pg from 'pg';
import { migrate } from './migrate.ts';
import type { DatabaseKind } from './migrations/migration.ts';
import type { Schema } from './schema.ts';

export type SqlAddress =
  /** `postgres://…`, or the path of a file that is made when it is not there. */
  | { readonly url: string }
  /** The host's own pool, which is left open. */
  | { readonly pool: pg.Pool };

export type Database = {
  readonly kind: DatabaseKind;
  /** The tables, once the migrations have run; asked again while they could not. */
  ready(): Promise<Kysely<Schema>>;
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 30_000;
const BUSY_TIMEOUT_MS = 10_000;

/** Opens a database, without waiting for it. */
export function openDatabase(address: SqlAddress): Database {
  const isPostgres = 'pool' in address || /^postgres(ql)?:/.test(address.url);
  const kind = isPostgres ? 'postgres' : 'sqlite';
  const db = new Kysely<Schema>({ dialect: isPostgres ? postgres(address) : sqlite((address as { readonly url: string }).url) });
  let migrated: Promise<void> | undefined;
  return {
    kind,
    async ready() {
      migrated ??= migrate(db, kind);
      try {
        await migrated;
      } catch (error) {
        migrated = undefined;
        throw error;
      }
      return db;
    },
    async close() {
      await db.destroy();
    },
  };
}

function postgres(address: SqlAddress): PostgresDialect {
  if ('pool' in address) return new PostgresDialect({ pool: { connect: () => address.pool.connect(), end: async () => undefined } });
  const pool = new pg.Pool({
    connectionString: address.url,
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that breaks is replaced, and whoever waits for it is told by the query.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}

function sqlite(url: string): SqliteDialect {
  const path = url.replace(/^(?:file|sqlite|libsql):(?:\/\/)?/, '');
  return new SqliteDialect({
    database: async () => {
      if (path !== ':memory:') mkdirSync(dirname(resolve(path)), { recursive: true });
      const database = new Libsql(path);
      // By itself and first: otherwise the next line can fail where several processes open the file.
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
      return database;
    },
  });
}
