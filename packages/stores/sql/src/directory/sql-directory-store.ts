import { existsSync } from 'node:fs';
import { type AuditEntry, type AuditRecord, auditHash, DirectoryConflictError, type DirectoryStore, type ObjectChange, type StoredObject } from '@sluice/core';
import { type Kysely, sql, type Transaction } from 'kysely';
import { fileOf, openDatabase, type SqlAddress } from '../database.ts';
import type { DirectoryStateTable, ObjectsTable, Schema } from '../schema.ts';
import { toNumber } from '../whole-number.ts';

/**
 * Keeps who there is in SQL. Writes come one after the other, whoever makes them: revisions have no gaps that are
 * filled later, so whoever reads what came after one has missed nothing.
 *
 * @example
 * gateway({ directory: sqlDirectoryStore({ url: process.env.DATABASE_URL ?? '.sluice/ledger.db' }) })
 */
export function sqlDirectoryStore(address: SqlAddress): DirectoryStore {
  const database = openDatabase(address);

  return {
    async changesSince(revision) {
      const db = await database.ready();
      const rows = await db.selectFrom('objects').selectAll().where('revision', '>', revision).orderBy('revision').execute();
      return rows.map(toObject);
    },

    async write(changes, audit) {
      const db = await database.ready();
      return db.transaction().execute(async (trx) => {
        const state = await lockState(trx, changes.length, audit.length);
        const written: StoredObject[] = [];
        for (const [index, change] of changes.entries()) written.push(await put(trx, change, toNumber(state.revision) - changes.length + index + 1));
        await addToTrail(trx, state, audit);
        return written;
      });
    },

    async auditTrail({ kind, objectId, keyId, before, limit }) {
      const db = await database.ready();
      let query = db.selectFrom('audit').selectAll().orderBy('sequence', 'desc').limit(limit);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (objectId !== undefined) query = query.where('object_id', '=', objectId);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (before !== undefined) query = query.where('sequence', '<', before);
      const rows = await query.execute();
      return rows.map(({ sequence, entry, hash }): AuditRecord => ({ ...(JSON.parse(entry) as AuditEntry), sequence: toNumber(sequence), hash }));
    },

    close: () => database.close(),
  };
}

/** Everything in a directory, read without making it. */
export async function lookIntoDirectory(url: string): Promise<readonly StoredObject[]> {
  const file = fileOf(url);
  if (file !== undefined && !existsSync(file)) return [];
  const database = openDatabase({ url });
  try {
    const tables = await database.db.introspection.getTables();
    if (!tables.some(({ name }) => name === 'objects')) return [];
    return (await database.db.selectFrom('objects').selectAll().orderBy('revision').execute()).map(toObject);
  } finally {
    await database.close();
  }
}

/** Takes the numbers that are needed, and makes all other writers wait. A write comes first, so that a file is locked at once. */
async function lockState(trx: Transaction<Schema>, changes: number, entries: number): Promise<DirectoryStateTable> {
  return trx
    .updateTable('directory_state')
    .set({ revision: sql`revision + ${changes}`, audit_sequence: sql`audit_sequence + ${entries}` })
    .where('id', '=', 1)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function put(trx: Kysely<Schema>, { kind, id, body, from }: ObjectChange, revision: number): Promise<StoredObject> {
  const current = await trx.selectFrom('objects').select(['revision', 'body']).where('kind', '=', kind).where('id', '=', id).executeTakeFirst();
  const now = current === undefined || current.body === null ? 0 : toNumber(current.revision);
  if (now !== from) throw new DirectoryConflictError(`The ${kind} '${id}' has changed in the meantime`);
  const row: ObjectsTable = { kind, id, revision, body: body === undefined ? null : JSON.stringify(body) };
  await trx
    .insertInto('objects')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ revision: row.revision, body: row.body }))
    .execute();
  return toObject(row);
}

async function addToTrail(trx: Kysely<Schema>, state: DirectoryStateTable, entries: readonly AuditEntry[]): Promise<void> {
  let hash = state.audit_hash;
  let sequence = toNumber(state.audit_sequence) - entries.length;
  for (const entry of entries) {
    sequence += 1;
    hash = auditHash(hash, sequence, entry);
    await trx
      .insertInto('audit')
      .values({ sequence, kind: entry.kind, object_id: entry.objectId, key_id: entry.keyId, entry: JSON.stringify(entry), hash })
      .execute();
  }
  if (entries.length > 0) await trx.updateTable('directory_state').set({ audit_hash: hash }).where('id', '=', 1).execute();
}

function toObject({ kind, id, revision, body }: ObjectsTable): StoredObject {
  return { kind: kind as StoredObject['kind'], id, revision: toNumber(revision), body: body === null ? undefined : (JSON.parse(body) as StoredObject['body']) };
}
