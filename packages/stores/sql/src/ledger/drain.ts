import type { CallRecord } from '@sluice/core';
import { unlink } from 'node:fs/promises';
import type { Database } from '../database.ts';
import type { Journal } from '../journal/journal.ts';
import { takeLeftBehind } from '../journal/left-behind.ts';
import { readLines } from '../journal/read-lines.ts';
import { isMissingPartition, type Partitions } from './partitions.ts';
import type { CallsTable } from '../schema.ts';
import { toRow } from './to-row.ts';
import { writeRows } from './write-rows.ts';

const BYTES_AT_ONCE = 512 * 1024;
const LONGEST_PAUSE_MS = 1000;
/** A process that ends does not wait for a database that hangs: the lines are in their files. */
const LAST_SILENCE_MS = 300;

export type DrainOptions = {
  readonly database: Database;
  readonly journal: Journal;
  /** Where the database keeps each day apart. */
  readonly partitions?: Partitions | undefined;
  readonly dir: string;
  /** How long lines may gather before they are carried on. */
  readonly everyMs: number;
  /** Hears of the first failure of a row of them, and of lines that cannot be read. */
  readonly onError: (error: unknown) => void;
};

/**
 * Carries the lines of the journal to the database, in the order they came. While that is away, they stay in their
 * files: nothing is held in memory but what is on its way, and nothing is lost.
 */
export class Drain {
  readonly #options: DrainOptions;
  /** How far each file has been carried on. */
  readonly #offsets = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  /** How many have been written. */
  #batches = 0;
  #last: Promise<void> = Promise.resolve();
  #hasAdopted = false;
  #adopted: string[] = [];
  #isClosed = false;

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#schedule(0);
  }

  /** Something has been appended. */
  wake(): void {
    this.#schedule(this.#options.everyMs);
  }

  /** Carries everything on that there is. @throws what keeps it from the database. */
  async flush(): Promise<void> {
    await this.#options.journal.settled();
    await this.#runInTurn();
  }

  /** Tries once more, for as long as the database answers, and leaves the rest to the next process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    let last = this.#batches;
    await new Promise<void>((resolve) => {
      const looking = setInterval(() => {
        if (last === this.#batches) resolve();
        last = this.#batches;
      }, LAST_SILENCE_MS);
      void this.flush()
        .catch(() => undefined)
        .then(resolve)
        .finally(() => clearInterval(looking));
    });
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#runInTurn().catch((error: unknown) => this.#failed(error));
    }, ms).unref();
  }

  /** One run at a time: two would carry the same lines. */
  async #runInTurn(): Promise<void> {
    const run = this.#last.then(() => this.#run());
    this.#last = run.catch(() => undefined);
    await run;
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1) this.#options.onError(error);
    this.#schedule(Math.min(LONGEST_PAUSE_MS, this.#options.everyMs * 2 ** this.#failures));
  }

  async #run(): Promise<void> {
    const { journal, dir } = this.#options;
    if (!this.#hasAdopted) {
      this.#adopted = await takeLeftBehind(dir);
      this.#hasAdopted = true;
    }
    for (const path of [...this.#adopted]) {
      await this.#carry(path, Infinity);
      await unlink(path);
      this.#adopted = this.#adopted.filter((other) => other !== path);
    }
    for (const segment of [...journal.segments()]) {
      // What stands behind that is being written, and may yet be taken back.
      await this.#carry(segment.path, segment.bytes);
      if (segment.isClosed) await journal.remove(segment);
      if (segment.isClosed) this.#offsets.delete(segment.path);
    }
  }

  async #carry(path: string, until: number): Promise<void> {
    for (;;) {
      const { lines, next } = await readLines(path, { offset: this.#offsets.get(path) ?? 0, until, maxBytes: BYTES_AT_ONCE });
      if (lines.length === 0) return;
      const rows = lines.flatMap((line) => this.#read(line));
      await this.#write(rows);
      this.#batches += 1;
      this.#offsets.set(path, next);
    }
  }

  async #write(rows: readonly CallsTable[]): Promise<void> {
    const { database, partitions } = this.#options;
    const db = await database.ready();
    const moments = rows.map(({ at }) => at);
    await partitions?.require(db, moments);
    try {
      await writeRows(db, rows);
    } catch (error) {
      if (!partitions || !isMissingPartition(error)) throw error;
      // Somebody has dropped old days, and calls of one of them came late.
      partitions.forget();
      await partitions.require(db, moments);
      await writeRows(db, rows);
    }
  }

  #read(line: string): CallsTable[] {
    try {
      return [toRow(JSON.parse(line) as CallRecord)];
    } catch (error) {
      this.#options.onError(new Error('A line of the journal cannot be read; it is left out', { cause: error }));
      return [];
    }
  }
}
