import type { Outcome } from '../types/call.ts';
import type { LazyAbortController } from './lazy-abort-controller.ts';

export type OnEndOptions = {
  readonly done: (outcome: Outcome) => void;
  /** What a failure of the source is to be reported as. Default: as it is. */
  readonly toReason?: (error: unknown) => unknown;
};

/**
 * Passes `source` through and calls `done` exactly once, however it ends: run dry, thrown, dropped or aborted.
 *
 * Not an async generator, for two reasons. `return()` on a generator that was never started skips its
 * `finally`, and on one that waits for a chunk it queues behind that chunk, which may never come.
 */
export function onEnd<T>(source: AsyncIterable<T>, controller: LazyAbortController, { done, toReason = itself }: OnEndOptions): AsyncIterableIterator<T> {
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
      } catch (thrown) {
        const error = toReason(thrown);
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

function itself(error: unknown): unknown {
  return error;
}
