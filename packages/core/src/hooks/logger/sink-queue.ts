import { deadline } from '../../stream/deadline.ts';
import type { CallRecord, Sink } from '../../types/record.ts';

export type SinkQueueOptions = {
  readonly onError: (error: unknown) => void;
  /** Records that wait at most; further ones are lost and counted. Default 10,000. */
  readonly capacity?: number;
  /** Records a write takes at most. Default 200. */
  readonly batchSize?: number;
  /** Longest wait for a batch to fill. Default 200 ms. */
  readonly lingerMs?: number;
  /** Longest wait for a write. Default 10 seconds. */
  readonly writeTimeoutMs?: number;
  /** Shortest time between two reports of the same sink. Default one minute. */
  readonly reportEveryMs?: number;
};

/** A queue between the calls and one sink: bounded, one write at a time, and never in anybody's way. */
export type SinkQueue = {
  add(record: CallRecord): void;
  /** Writes what waits, for `timeoutMs` at most, and closes the sink. */
  close(timeoutMs: number): Promise<void>;
};

export function sinkQueue(sink: Sink, options: SinkQueueOptions): SinkQueue {
  const { onError, capacity = 10_000, batchSize = 200, lingerMs = 200, writeTimeoutMs = 10_000, reportEveryMs = 60_000 } = options;
  let waiting: CallRecord[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let unsettled = 0;
  let isClosed = false;
  let lost = 0;
  let cause: unknown;
  let reportedAt = -Infinity;
  let reportTimer: NodeJS.Timeout | undefined;

  function add(record: CallRecord): void {
    if (isClosed || waiting.length >= capacity) {
      lose(1, undefined);
      return;
    }
    waiting.push(record);
    if (!writing) schedule();
  }

  function schedule(): void {
    if (waiting.length >= batchSize) start();
    else if (waiting.length > 0) timer ??= setTimeout(start, lingerMs).unref();
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    writing ??= drain().finally(() => {
      writing = undefined;
      schedule();
    });
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      unsettled = batch.length;
      try {
        await deadline(sink.write(batch), writeTimeoutMs, () => new Error(`no answer within ${writeTimeoutMs} ms`));
      } catch (error) {
        lose(batch.length, error);
      }
      unsettled = 0;
    }
  }

  function lose(count: number, error: unknown): void {
    if (isClosed) return;
    lost += count;
    cause = error ?? cause;
    const waitMs = reportedAt + reportEveryMs - performance.now();
    if (waitMs <= 0) report();
    else reportTimer ??= setTimeout(report, waitMs).unref();
  }

  function report(): void {
    clearTimeout(reportTimer);
    reportTimer = undefined;
    reportedAt = performance.now();
    const reason = cause === undefined ? 'its queue is full' : messageOf(cause);
    onError(new Error(`Sink '${sink.name}' has lost ${lost} call record${lost === 1 ? '' : 's'}: ${reason}`, cause === undefined ? undefined : { cause }));
    lost = 0;
    cause = undefined;
  }

  async function close(timeoutMs: number): Promise<void> {
    start();
    try {
      await deadline(writing, timeoutMs, () => new Error(`closed with records unwritten after ${timeoutMs} ms`));
    } catch (error) {
      lost += unsettled + waiting.length;
      waiting = [];
      cause = error;
    }
    isClosed = true;
    if (lost > 0) report();
    try {
      await deadline(sink.close?.(), timeoutMs, () => new Error(`Sink '${sink.name}' did not close within ${timeoutMs} ms`));
    } catch (error) {
      onError(error);
    }
  }

  return { add, close };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
