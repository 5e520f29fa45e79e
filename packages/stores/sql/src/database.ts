import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely';
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
  /** The same as it is, whether they have run or not. */
  readonly db: Kysely<Schema>;
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 100;
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Files that are open, each once in this process: libsql waits for a lock with the whole process, so a second
 * connection would keep the first from ever letting go.
 */
const openFiles = new Map<string, { readonly database: Database; users: number }>();

/** Opens a database, without waiting for it. */
export function openDatabase(address: SqlAddress): Database {
  if ('pool' in address || /^postgres(ql)?:/.test(address.url)) return toDatabase('postgres', postgres(address));
  const path = pathOf(address.url);
  const opened = openFiles.get(path) ?? { database: toDatabase('sqlite', sqlite(path)), users: 0 };
  openFiles.set(path, opened);
  opened.users += 1;
  return { ...opened.database, close: () => leaveFile(path) };
}

/** Where the file of a database is; nothing where it is on a server. */
export function fileOf(url: string): string | undefined {
  return /^postgres(ql)?:/.test(url) ? undefined : pathOf(url);
}

function pathOf(url: string): string {
  return resolve(url.replace(/^(?:file|sqlite|libsql):(?:\/\/)?/, ''));
}

async function leaveFile(path: string): Promise<void> {
  const opened = openFiles.get(path);
  if (!opened || (opened.users -= 1) > 0) return;
  openFiles.delete(path);
  await opened.database.close();
}

function toDatabase(kind: DatabaseKind, dialect: Dialect): Database {
  const db = new Kysely<Schema>({ dialect });
  let migrated: Promise<void> | undefined;
  return {
    kind,
    db,
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
    close: () => db.destroy(),
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
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => clients.add(client.on('error', () => undefined)));
  pool.on('remove', (client) => clients.delete(client));
  return new PostgresDialect({ pool: { connect: () => pool.connect(), end: () => endSoon(pool, clients) } });
}

/** Lets queries finish that are nearly done, and breaks off those that hang. */
async function endSoon(pool: pg.Pool, clients: ReadonlySet<pg.PoolClient>): Promise<void> {
  const breaking = setTimeout(() => {
    for (const client of clients) void (client as pg.PoolClient & pg.Client).end().catch(() => undefined);
  }, END_TIMEOUT_MS);
  try {
    await pool.end();
  } finally {
    clearTimeout(breaking);
  }
}

function sqlite(path: string): SqliteDialect {
  return new SqliteDialect({
    database: async () => {
      mkdirSync(dirname(path), { recursive: true });
      const database = new Libsql(path);
      // By itself and first: otherwise the next line can fail where several processes open the file.
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
      return database;
    },
  });
}
