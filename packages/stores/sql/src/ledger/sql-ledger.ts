import type { CallRecord, Ledger, LedgerReports, Spender, SpentPart } from '@sluice/core';
import type { Kysely } from 'kysely';
import { Journal } from '../journal/journal.ts';
import { openDatabase, type SqlAddress } from '../database.ts';
import { Drain } from './drain.ts';
import { findCalls } from './find-calls.ts';
import { gatheredSums } from './gathered-sums.ts';
import { dropPartitions, Partitions } from './partitions.ts';
import type { Schema } from '../schema.ts';
import { spendBy } from './spend-by.ts';
import { spentInParts } from './spent-since.ts';
import { spentSinceEach } from './spent-since-each.ts';

export type SqlLedgerOptions = SqlAddress & {
  /** Folder of the write-ahead journal: on a disk that outlives the process, and on each machine its own. Default `.sluice/journal`. */
  readonly journalDir?: string;
  /** Whether a call is durable only once the disk has it, so that a power cut loses nothing either. Default false. */
  readonly fsync?: boolean;
  /** How long calls gather before they are written to the database together. Default 200 ms. */
  readonly writeEveryMs?: number;
  /** Single calls older than this are deleted; what was summed up from them is kept. Default: kept for good. */
  readonly keepCallsDays?: number;
  /** Hears that the database cannot be written to, once for each outage. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
};

export type SqlLedger = Ledger & {
  /** Writes to the database what is still in the journal. @throws what keeps it from there. */
  flush(): Promise<void>;
  /** With all that this process has recorded until they are asked. */
  readonly reports: LedgerReports;
  spentSince(whose: Spender, since: number): Promise<number>;
  spentSinceEach(kind: Spender['kind'], ids: readonly string[], since: number): Promise<ReadonlyMap<string, number>>;
  spentInParts(whose: Spender, since: number, partMs: number): Promise<readonly SpentPart[]>;
  /** Deletes single calls from before a moment. Answers how many, or, with PostgreSQL, how many days. */
  deleteCalls(before: number): Promise<number>;
  close(): Promise<void>;
};

const DAY_MS = 86_400_000;
const SWEEP_MS = 3_600_000;

/**
 * Keeps every call and what was summed up from it, in a file of libsql or in PostgreSQL.
 *
 * A call is durable before its answer has left: it is in a write-ahead journal, which survives a process that is
 * killed and a database that is away. From there it goes to the database in batches; what another process left
 * behind is carried on at start. A call is counted once, however often it is written.
 *
 * @example
 * gateway({ ledger: sqlLedger({ url: process.env.DATABASE_URL ?? '.sluice/ledger.db' }) })
 */
export function sqlLedger(options: SqlLedgerOptions): SqlLedger {
  const { journalDir = '.sluice/journal', fsync = false, writeEveryMs = 200, keepCallsDays, onError = warn } = options;
  const database = openDatabase(options);
  const journal = new Journal({ dir: journalDir, fsync });
  const drain = new Drain({
    database,
    journal,
    partitions: database.kind === 'postgres' ? new Partitions() : undefined,
    dir: journalDir,
    everyMs: writeEveryMs,
    onError,
  });
  let hasCaughtUp = false;
  let catchingUp: Promise<void> | undefined;
  const sumOf = gatheredSums(async (kind, ids, since) => spentSinceEach(await caughtUp(), kind, ids, since));
  const sweeper =
    keepCallsDays === undefined ? undefined : setInterval(() => void deleteCalls(Date.now() - keepCallsDays * DAY_MS).catch(onError), SWEEP_MS).unref();

  /** What a process before this one left behind has to be in the sums before anybody is told of them. */
  async function caughtUp(): Promise<Kysely<Schema>> {
    if (!hasCaughtUp) await (catchingUp ??= drain.flush().finally(() => (catchingUp = undefined)));
    hasCaughtUp = true;
    return database.ready();
  }

  async function upToDate(): Promise<Kysely<Schema>> {
    await drain.flush();
    return database.ready();
  }

  async function deleteCalls(before: number): Promise<number> {
    const db = await database.ready();
    if (database.kind === 'postgres') return dropPartitions(db, before);
    const { numDeletedRows } = await db.deleteFrom('calls').where('at', '<', before).executeTakeFirst();
    return Number(numDeletedRows);
  }

  return {
    async append(record: CallRecord) {
      try {
        await journal.append(`${JSON.stringify(record)}\n`);
      } finally {
        // Also after a failure: what is carried on makes room on the disk.
        drain.wake();
      }
    },
    flush: () => drain.flush(),
    reports: {
      spendBy: async (query) => spendBy(await upToDate(), database.kind, query),
      calls: async (query) => findCalls(await upToDate(), database.kind, query),
    },
    spentSince: ({ kind, id }, since) => sumOf(kind, id, since),
    spentSinceEach: async (kind, ids, since) => spentSinceEach(await caughtUp(), kind, ids, since),
    spentInParts: async ({ kind, id }, since, partMs) => spentInParts(await caughtUp(), kind, id, since, partMs),
    deleteCalls,
    async close() {
      clearInterval(sweeper);
      await journal.close();
      await drain.close();
      await database.close();
    },
  };
}

function warn(error: unknown): void {
  process.emitWarning(
    `The ledger's database cannot be written to; calls stay in the journal: ${error instanceof Error ? error.message : String(error)}`,
    'SluiceLedgerWarning',
  );
}
