import type { Kysely } from 'kysely';

export type DatabaseKind = 'postgres' | 'sqlite';

/** A step that brings the tables from one version to the next. */
export type Migration = (db: Kysely<unknown>, kind: DatabaseKind) => Promise<void>;
