import type { Batch } from '../types/call.ts';
import { abandon } from './abandon.ts';

/** Puts `map` between a stream and its reader; `undefined` drops a batch. `flush` adds one at the regular end. */
export function mapBatches(
  source: AsyncIterable<Batch>,
  map: (batch: Batch) => Batch | undefined | Promise<Batch | undefined>,
  flush?: () => Batch | undefined | Promise<Batch | undefined>,
): AsyncIterable<Batch> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;

  const mapped: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => mapped,
    async next() {
      while (!ended) {
        const result = await iterator.next();
        ended = result.done === true;
        try {
          const made = result.done ? flush?.() : map(result.value);
          // A turn of the loop less for each chunk, where nothing is waited for.
          const batch = made instanceof Promise ? await made : made;
          if (batch) return { done: false, value: batch };
        } catch (error) {
          if (!ended) abandon(iterator);
          ended = true;
          throw error;
        }
      }
      return { done: true, value: undefined };
    },
    return() {
      ended = true;
      return iterator.return?.() ?? Promise.resolve({ done: true, value: undefined });
    },
  };
  return mapped;
}
