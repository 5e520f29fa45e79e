import { describe, expect, it } from 'vitest';
import type { Batch, Outcome } from '../types/call.ts';
import { afterFirst } from './after-first.ts';
import { LazyAbortController } from './lazy-abort-controller.ts';
import { LazyJson } from './lazy-json.ts';
import { mapBatches } from './map-batches.ts';
import { onEnd } from './on-end.ts';

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function* failing(after: number): AsyncGenerator<number> {
  for (let index = 0; index < after; index += 1) yield index;
  throw new Error('broke');
}

const never: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe('onEnd', () => {
  function watch<T>(source: AsyncIterable<T>, controller = new LazyAbortController()): { outcomes: Outcome[]; stream: AsyncIterableIterator<T> } {
    const outcomes: Outcome[] = [];
    return { outcomes, stream: onEnd(source, controller, { done: (outcome) => void outcomes.push(outcome) }) };
  }

  it('says ok once when the source runs dry', async () => {
    const { outcomes, stream } = watch(of(1, 2));
    expect(await collect(stream)).toEqual([1, 2]);
    await stream.return?.();
    expect(outcomes).toEqual([{ status: 'ok' }]);
  });

  it('says error when the source throws, and throws on', async () => {
    const { outcomes, stream } = watch(failing(1));
    await expect(collect(stream)).rejects.toThrow('broke');
    expect(outcomes).toEqual([{ status: 'error', error: new Error('broke') }]);
  });

  it('says aborted when dropped before it began, dropped midway, or aborted while waiting', async () => {
    const unstarted = watch(of(1));
    await unstarted.stream.return?.();
    expect(unstarted.outcomes).toEqual([{ status: 'aborted' }]);

    const midway = watch(of(1, 2, 3));
    for await (const item of midway.stream) if (item === 2) break;
    expect(midway.outcomes).toEqual([{ status: 'aborted' }]);

    const controller = new LazyAbortController();
    const waiting = watch(never, controller);
    void waiting.stream.next();
    controller.abort();
    expect(waiting.outcomes).toEqual([{ status: 'aborted' }]);
  });
});

describe('afterFirst', () => {
  it('waits for the first item and still delivers it', async () => {
    expect(await collect(await afterFirst(of(1, 2)))).toEqual([1, 2]);
    expect(await collect(await afterFirst(of()))).toEqual([]);
  });

  it('fails at once when the first item fails, and later when a later one does', async () => {
    await expect(afterFirst(failing(0))).rejects.toThrow('broke');
    const stream = await afterFirst(failing(1));
    await expect(collect(stream)).rejects.toThrow('broke');
  });
});

describe('mapBatches', () => {
  const batch = (n: number): Batch => ({ events: [LazyJson.ofValue({ n })] });
  const numbers = async (source: AsyncIterable<Batch>) => (await collect(source)).flatMap(({ events }) => events.map(({ value }) => value.n));

  it('maps, drops, and adds what flush gives at the end', async () => {
    const mapped = mapBatches(
      of(batch(1), batch(2), batch(3)),
      (b) => (b.events[0]?.value.n === 2 ? undefined : b),
      () => batch(9),
    );
    expect(await numbers(mapped)).toEqual([1, 3, 9]);
  });

  it('closes its source when dropped', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Batch> {
      try {
        yield batch(1);
        yield batch(2);
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of mapBatches(source(), (b) => b)) break;
    expect(isClosed).toBe(true);
  });
});

describe('LazyJson', () => {
  it('turns any of its three forms into the others', () => {
    for (const json of [LazyJson.ofValue({ a: 'é' }), LazyJson.ofText<{ a: string }>('{"a":"é"}'), LazyJson.ofBytes<{ a: string }>(Buffer.from('{"a":"é"}'))]) {
      expect(json.value).toEqual({ a: 'é' });
      expect(json.text).toBe('{"a":"é"}');
      expect(Buffer.from(json.bytes).toString()).toBe('{"a":"é"}');
    }
  });

  it('parses only when asked', () => {
    const broken = LazyJson.ofText('{');
    expect(broken.text).toBe('{');
    expect(() => broken.value).toThrow(SyntaxError);
  });
});
