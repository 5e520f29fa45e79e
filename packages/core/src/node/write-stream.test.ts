import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writeStream } from './write-stream.ts';

/** The part of a response that a stream is written to. */
class FakeResponse extends EventEmitter {
  written: string[] = [];
  flushes = 0;
  isEnded = false;
  writableEnded = false;
  isDestroyed = false;
  isHeadSent = false;
  hasRoom = true;
  get writableNeedDrain(): boolean {
    return !this.hasRoom;
  }
  write(piece: string): boolean {
    this.written.push(piece);
    return this.hasRoom;
  }
  flush(): void {
    this.flushes += 1;
  }
  flushHeaders(): void {
    this.isHeadSent = true;
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
  asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

/** A body whose pieces come when the test says so. */
function handFed(): { body: AsyncIterable<string>; feed(piece: string | Error | undefined): Promise<void>; isReturned(): boolean } {
  let settle: ((piece: string | Error | undefined) => void) | undefined;
  let returned = false;
  return {
    body: {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve, reject) => {
            settle = (piece) =>
              piece instanceof Error ? reject(piece) : resolve(piece === undefined ? { done: true, value: undefined } : { done: false, value: piece });
          }),
        return: () => {
          returned = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    },
    async feed(piece) {
      settle?.(piece);
      await vi.advanceTimersByTimeAsync(0);
    },
    isReturned: () => returned,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a stream on its way out', () => {
  test('is written one write a chunk, each flushed, and ended', async () => {
    const res = new FakeResponse();
    const { body, feed } = handFed();
    const done = writeStream(body, res.asResponse(), undefined);
    await feed('one');
    await feed('two');
    await feed(undefined);
    await done;
    expect([res.written, res.flushes, res.isEnded]).toEqual([['one', 'two'], 2, true]);
  });

  test('says that it is alive within 15 seconds of silence, and again, and not while it speaks', async () => {
    const res = new FakeResponse();
    const { body, feed } = handFed();
    const done = writeStream(body, res.asResponse(), ': alive\n\n');
    await feed('one');
    for (let second = 0; second < 60; second += 4) {
      await vi.advanceTimersByTimeAsync(4_000);
      await feed('more');
    }
    expect(res.written).not.toContain(': alive\n\n');
    res.written = [];
    await vi.advanceTimersByTimeAsync(15_000);
    expect(res.written).toEqual([': alive\n\n']);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(res.written).toHaveLength(2);
    await feed(undefined);
    await done;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(res.written).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('writes nothing more, not even that it is alive, to a reader who has fallen behind', async () => {
    const res = new FakeResponse();
    const { body, feed } = handFed();
    const done = writeStream(body, res.asResponse(), ': alive\n\n');
    res.hasRoom = false;
    await feed('one');
    await feed('two');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(res.written).toEqual(['one']);
    res.hasRoom = true;
    res.emit('drain');
    await vi.advanceTimersByTimeAsync(0);
    await feed('two');
    await feed(undefined);
    await done;
    expect(res.written).toEqual(['one', 'two']);
  });

  test.each([true, false])('writes nothing behind an end that the host has set (reader behind: %s)', async (isBehind) => {
    const res = new FakeResponse();
    const { body, feed, isReturned } = handFed();
    const done = writeStream(body, res.asResponse(), ': alive\n\n');
    res.hasRoom = !isBehind;
    await feed('one');
    res.writableEnded = true;
    res.hasRoom = true;
    res.emit('drain');
    await vi.advanceTimersByTimeAsync(60_000);
    await feed('two');
    await done;
    expect([res.written, res.isEnded, isReturned(), vi.getTimerCount()]).toEqual([['one'], false, true, 0]);
  });

  test.each([true, false])('stops when the reader leaves, and lets go of its source (reader behind: %s)', async (isBehind) => {
    const res = new FakeResponse();
    const { body, feed, isReturned } = handFed();
    const done = writeStream(body, res.asResponse(), ': alive\n\n');
    res.hasRoom = !isBehind;
    await feed('one');
    res.emit('close');
    await feed('two');
    await done;
    expect([res.written, res.isEnded, isReturned(), vi.getTimerCount()]).toEqual([['one'], false, true, 0]);
  });

  test('cuts the connection when it breaks: its form has no place for an error', async () => {
    const res = new FakeResponse();
    const { body, feed } = handFed();
    const done = writeStream(body, res.asResponse(), undefined);
    await feed('one');
    await feed(new Error('broken'));
    await done;
    expect([res.isDestroyed, res.isEnded]).toEqual([true, false]);
  });

  test('sends its head alone when the first chunk is held back', async () => {
    vi.useRealTimers();
    const res = new FakeResponse();
    const { body } = handFed();
    void writeStream(body, res.asResponse(), undefined);
    await turn();
    await turn();
    expect([res.isHeadSent, res.written]).toEqual([true, []]);
  });
});
