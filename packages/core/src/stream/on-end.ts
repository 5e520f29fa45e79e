import type { Outcome } from '../types/call.ts';
import type { LazyAbortController } from './lazy-abort-controller.ts';

/**
 * Passes `source` through and calls `done` exactly once, however it ends: run dry, thrown, dropped or aborted.
 *
 * Not an async generator, for two reasons. `return()` on a generator that was never started skips its
 * `finally`, and on one that waits for a chunk it queues behind that chunk, which may never come.
 */
export function onEnd<T>(source: AsyncIterable<T>, controller: LazyAbortController, done: (outcome: Outcome) => void): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;

  function end(outcome: Outcome): void {
    if (ended) return;
    ended = true;
    controller.offAbort(abort);
    done(outcome);
  }

  function abort(): void {
    end({ status: 'aborted' });
  }

  controller.onAbort(abort);
  if (controller.isAborted) abort();

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const result = await iterator.next();
        if (result.done) end({ status: 'ok' });
        return result;
      } catch (error) {
        end(controller.isAborted ? { status: 'aborted' } : { status: 'error', error });
        throw error;
      }
    },
    async return() {
      abort();
      iterator.return?.()?.catch(() => undefined);
      return { done: true, value: undefined };
    },
  };
}
