import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentName } from './segment-name.ts';

export type JournalOptions = {
  readonly dir: string;
  /** From this size on, a segment is closed and another one begun. Default 1 MiB. */
  readonly segmentBytes?: number;
  /** Whether a line is durable only once the disk has it, and not already when the system has. Default false. */
  readonly fsync?: boolean;
};

type Waiting = { readonly line: string; readonly resolve: () => void; readonly reject: (error: unknown) => void };

type OpenSegment = { readonly path: string; readonly file: FileHandle; bytes: number; seenAt: number };

/** A file of the journal, how much of it is written, and whether more will come. */
export type Segment = { readonly path: string; readonly bytes: number; readonly isClosed: boolean };

const SIGN_OF_LIFE_MS = 5000;

/**
 * Lines that are to outlive this process, whatever ends it: an appended line is in the system's hands, which a process
 * that is killed does not take with it. Lines that come while the disk is busy are written together.
 *
 * Files belong to one process each. `segments()` tells what there is to be carried on, and `remove` ends a segment.
 */
export class Journal {
  readonly #dir: string;
  readonly #segmentBytes: number;
  readonly #fsync: boolean;
  readonly #done: Segment[] = [];
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #open: OpenSegment | undefined;
  #heart: NodeJS.Timeout;

  constructor({ dir, segmentBytes = 1024 * 1024, fsync = false }: JournalOptions) {
    this.#dir = dir;
    this.#segmentBytes = segmentBytes;
    this.#fsync = fsync;
    this.#heart = setInterval(() => void this.#giveSignOfLife(), SIGN_OF_LIFE_MS).unref();
  }

  /** Resolves when the line is durable. Rejects when it could not be written, and then nothing of it counts. */
  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    });
  }

  /** Resolves when everything appended so far has been written, or has failed to be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** This process's own segments, oldest first. */
  segments(): readonly Segment[] {
    return this.#open ? [...this.#done, { path: this.#open.path, bytes: this.#open.bytes, isClosed: false }] : this.#done;
  }

  /** Deletes a closed segment whose lines have arrived where they belong. */
  async remove({ path }: Segment): Promise<void> {
    await unlink(path);
    this.#done.splice(
      this.#done.findIndex((segment) => segment.path === path),
      1,
    );
  }

  /** Closes the open segment, so that it can be removed. */
  async rotate(): Promise<void> {
    const current = this.#open;
    if (!current) return;
    this.#open = undefined;
    this.#done.push({ path: current.path, bytes: current.bytes, isClosed: true });
    await current.file.close();
  }

  async close(): Promise<void> {
    clearInterval(this.#heart);
    await this.#writing;
    await this.rotate();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ line }) => line).join(''));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #write(text: string): Promise<void> {
    const segment = await this.#segment();
    const bytes = Buffer.from(text);
    try {
      await segment.file.appendFile(bytes);
      if (this.#fsync) await segment.file.datasync();
    } catch (error) {
      await this.#takeBack(segment);
      throw error;
    }
    segment.bytes += bytes.length;
    segment.seenAt = performance.now();
    if (segment.bytes >= this.#segmentBytes) await this.rotate();
  }

  /** A part may have been written. Nobody may take it for whole, and no line may be appended to it. */
  async #takeBack(segment: OpenSegment): Promise<void> {
    const isWhole = await segment.file.truncate(segment.bytes).then(
      () => true,
      () => false,
    );
    // A disk that is full has room again once what was carried on is deleted, and only what is closed ever is.
    if (!isWhole || segment.bytes > 0) await this.rotate().catch(() => undefined);
  }

  async #segment(): Promise<OpenSegment> {
    await this.#letGoIfLost();
    if (this.#open) return this.#open;
    await mkdir(this.#dir, { recursive: true });
    const path = join(this.#dir, segmentName(randomUUID()));
    const file = await open(path, 'a', 0o600);
    return (this.#open = { path, file, bytes: 0, seenAt: performance.now() });
  }

  /** A process that was stopped for long may have been taken for dead, and its file for left behind. */
  async #letGoIfLost(): Promise<void> {
    const current = this.#open;
    if (!current || performance.now() - current.seenAt < 2 * SIGN_OF_LIFE_MS) return;
    const [here, held] = await Promise.all([stat(current.path).catch(() => undefined), current.file.stat()]);
    current.seenAt = performance.now();
    if (here?.ino === held.ino) return;
    this.#open = undefined;
    await current.file.close();
  }

  async #giveSignOfLife(): Promise<void> {
    await this.#letGoIfLost().catch(() => undefined);
    if (this.#open) this.#open.seenAt = performance.now();
    const now = new Date();
    for (const { path } of this.segments()) await utimes(path, now, now).catch(() => undefined);
  }
}
