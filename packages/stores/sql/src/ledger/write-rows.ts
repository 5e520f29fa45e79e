import { type Kysely, sql } from 'kysely';
import type { CallsTable, Schema } from '../schema.ts';
import { type Grain, GRAINS, toSums } from './to-sums.ts';

/** Parameters of one statement are bounded: 32,766 in SQLite. */
const ROWS_PER_STATEMENT = 500;

/**
 * Writes calls and adds them to the sums, in one transaction: both or neither. A call that is there already is neither
 * written nor added again, so the same rows may come any number of times.
 */
export async function writeRows(db: Kysely<Schema>, rows: readonly CallsTable[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const added = new Set<string>();
    for (const part of parts(rows)) {
      const written = await trx
        .insertInto('calls')
        .values(part)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .execute();
      for (const { id } of written) added.add(id);
    }
    const fresh = rows.filter(({ id }) => added.delete(id));
    for (const grain of Object.keys(GRAINS) as Grain[]) await addSums(trx, grain, fresh);
  });
}

async function addSums(trx: Kysely<Schema>, grain: Grain, rows: readonly CallsTable[]): Promise<void> {
  const plus = (column: string) => sql<number>`${sql.ref(`${grain}.${column}`)} + ${sql.ref(`excluded.${column}`)}`;
  for (const part of parts(toSums(rows, grain))) {
    await trx
      .insertInto(grain)
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['dimension', 'id', 'bucket', 'model_group', 'provider']).doUpdateSet({
          calls: plus('calls'),
          failures: plus('failures'),
          input_tokens: plus('input_tokens'),
          output_tokens: plus('output_tokens'),
          cached_input_tokens: plus('cached_input_tokens'),
          cost_nano_usd: plus('cost_nano_usd'),
        }),
      )
      .execute();
  }
}

function* parts<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) yield items.slice(start, start + ROWS_PER_STATEMENT);
}
