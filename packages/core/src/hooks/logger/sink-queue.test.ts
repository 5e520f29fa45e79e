import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallRecord, Sink } from '../../types/record.ts';
import { sinkQueue, type SinkQueueOptions } from './sink-queue.ts';

const record = (id: number): CallRecord => ({ id: String(id) }) as CallRecord;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function queueOn(write: Sink['write'], options: Partial<SinkQueueOptions> = {}, more: Partial<Sink> = {}) {
  const reports: string[] = [];
  const queue = sinkQueue({ name: 's', write, ...more }, { onError: (error) => reports.push((error as Error).message), ...options });
  return {
    queue,
    reports,
    add: (from: number, to: number) => {
      for (let id = from; id < to; id += 1) queue.add(record(id));
    },
  };
}

describe('the queue of a sink', () => {
  it('writes in order, in batches, one at a time', async () => {
    const batches: string[][] = [];
    let inside = 0;
    const { queue, add } = queueOn(
      async (records) => {
        expect((inside += 1)).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside -= 1;
        batches.push(records.map(({ id }) => id));
      },
      { batchSize: 3, lingerMs: 50 },
    );
    add(0, 8);
    await vi.advanceTimersByTimeAsync(100);
    add(8, 9);
    expect(batches.flat()).toEqual([...'01234567']);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6', '7'], ['8']]);
    await queue.close(100);
  });

  it('is bounded while a sink hangs, and counts what it lost (P41)', async () => {
    const { queue, reports, add } = queueOn(() => new Promise(() => undefined), { capacity: 100, batchSize: 10, writeTimeoutMs: 1000 });
    add(0, 1000);
    expect(reports).toEqual(["Sink 's' has lost 1 call record: its queue is full"]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(reports).toHaveLength(2);
    const closing = queue.close(100);
    await vi.advanceTimersByTimeAsync(2000);
    await closing;
    const lost = reports.map((report) => Number(/lost (\d+)/.exec(report)?.[1] ?? 0)).reduce((sum, count) => sum + count, 0);
    expect(lost).toBe(1000);
  });

  it('reports a failing sink at most once a minute', async () => {
    const { reports, add } = queueOn(() => Promise.reject(new Error('503')), { lingerMs: 10 });
    for (let round = 0; round < 300; round += 1) {
      add(0, 1);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(reports.length).toBeLessThanOrEqual(5);
    expect(reports[1]).toMatch(/has lost 59 call records: 503/);
  });

  it('takes a sink that throws at once for one that fails, and goes on', async () => {
    let turn = 0;
    const written: string[] = [];
    const { add, reports } = queueOn(
      (records) => {
        turn += 1;
        if (turn === 1) throw new Error('not ready');
        written.push(...records.map(({ id }) => id));
      },
      { lingerMs: 10 },
    );
    add(0, 1);
    await vi.advanceTimersByTimeAsync(20);
    add(1, 2);
    await vi.advanceTimersByTimeAsync(20);
    expect([reports.length, written]).toEqual([1, ['1']]);
  });

  it('writes what waits when it is closed, then closes the sink', async () => {
    const log: string[] = [];
    const { queue, add } = queueOn((records) => void log.push(`write ${records.length}`), {}, { close: () => void log.push('close') });
    add(0, 5);
    await queue.close(100);
    expect(log).toEqual(['write 5', 'close']);
  });

  it('does not let a sink hold up the end', async () => {
    const { queue, reports, add } = queueOn(() => new Promise(() => undefined), {}, { close: () => new Promise(() => undefined) });
    add(0, 5);
    const closing = queue.close(100);
    await vi.advanceTimersByTimeAsync(250);
    await closing;
    expect(reports).toEqual([expect.stringMatching(/lost 5 .*unwritten/), expect.stringMatching(/did not close/)]);
  });
});
