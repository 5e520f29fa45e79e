import type { Batch } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import { abandon } from './abandon.ts';
import { isPromise } from './maybe-promise.ts';

type Step = IteratorResult<Batch>;

const OVER: Step = { done: true, value: undefined };

/**
 * Puts `map` between a stream and its reader; `undefined` drops a batch. `flush` adds one at the regular end.
 * By `then` and not by an async function: a chunk then costs one promise here, and no turn of the loop.
 */
export function mapBatches(
  source: AsyncIterable<Batch>,
  map: (batch: Batch) => MaybePromise<Batch | undefined>,
  flush?: () => MaybePromise<Batch | undefined>,
): AsyncIterable<Batch> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;

  function step(result: Step): MaybePromise<Step> {
    ended ||= result.done === true;
    try {
      const made = result.done ? flush?.() : map(result.value);
      return isPromise(made) ? made.then(hand, fail) : hand(made);
    } catch (error) {
      return fail(error);
    }
  }

  function hand(batch: Batch | undefined): MaybePromise<Step> {
    if (batch) return { done: false, value: batch };
    return ended ? OVER : next();
  }

  function fail(error: unknown): never {
    if (!ended) abandon(iterator);
    ended = true;
    throw error;
  }

  function next(): Promise<Step> {
    return ended ? Promise.resolve(OVER) : iterator.next().then(step);
  }

  const mapped: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => mapped,
    next,
    return() {
      ended = true;
      return iterator.return?.() ?? Promise.resolve(OVER);
    },
  };
  return mapped;
}
