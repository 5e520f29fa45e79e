import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Migration } from './migration.ts';

/** The ledger, and what is summed up from it. PostgreSQL keeps the calls of each day in a partition of its own. */
export const calls: Migration = async (db, kind) => {
  const table = db.schema
    .createTable('calls')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('model_group', 'text')
    .addColumn('provider', 'text')
    .addColumn('deployment_id', 'text')
    .addColumn('key_id', 'text')
    .addColumn('user_id', 'text')
    .addColumn('team_id', 'text')
    .addColumn('organization_id', 'text')
    .addColumn('project_id', 'text')
    .addColumn('end_user_id', 'text')
    .addColumn('policy', 'text')
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cached_input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost_nano_usd', 'bigint')
    .addColumn('duration_ms', 'integer', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('calls_key', ['id', 'at']);
  await (kind === 'postgres' ? table.modifyEnd(sql`partition by range (at)`) : table).execute();
  await db.schema.createIndex('calls_at').on('calls').column('at').execute();
  for (const column of ['key_id', 'user_id', 'team_id', 'end_user_id']) {
    await db.schema.createIndex(`calls_${column}`).on('calls').columns([column, 'at']).execute();
  }
  for (const name of ['spend_hourly', 'spend_daily']) await createSpendTable(db, name);
};

async function createSpendTable(db: Kysely<unknown>, name: string): Promise<void> {
  const texts = ['dimension', 'id', 'model_group', 'provider'].map((column) => [column, 'text'] as const);
  const sums = ['calls', 'failures', 'input_tokens', 'output_tokens', 'cached_input_tokens', 'cost_nano_usd'].map((column) => [column, 'bigint'] as const);
  const empty: CreateTableBuilder<string, string> = db.schema.createTable(name);
  await [['bucket', 'bigint'] as const, ...texts, ...sums]
    .reduce((table, [column, type]) => table.addColumn(column, type, (added) => added.notNull()), empty)
    .addPrimaryKeyConstraint(`${name}_key`, ['dimension', 'id', 'bucket', 'model_group', 'provider'])
    .execute();
  await db.schema.createIndex(`${name}_bucket`).on(name).column('bucket').execute();
}
