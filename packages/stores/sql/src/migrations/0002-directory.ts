import type { Migration } from './migration.ts';

/** Who there is, one table for all kinds, and the trail of who changed it. The state is one row, which orders all writes. */
export const directory: Migration = async (db) => {
  await db.schema
    .createTable('objects')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text')
    .addPrimaryKeyConstraint('objects_key', ['kind', 'id'])
    .execute();
  await db.schema.createIndex('objects_revision').on('objects').column('revision').unique().execute();
  await db.schema
    .createTable('audit')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('object_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('entry', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_object').on('audit').columns(['kind', 'object_id', 'sequence']).execute();
  await db.schema
    .createTable('directory_state')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('audit_sequence', 'bigint', (column) => column.notNull())
    .addColumn('audit_hash', 'text', (column) => column.notNull())
    .execute();
  await db
    .withTables<{ directory_state: { id: number; revision: number; audit_sequence: number; audit_hash: string } }>()
    .insertInto('directory_state')
    .values({ id: 1, revision: 0, audit_sequence: 0, audit_hash: '' })
    .execute();
};
