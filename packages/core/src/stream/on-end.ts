import type { Outcome } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { LazyAbortController } from './lazy-abort-controller.ts';

export type OnEndOptions = {
  /** The end is told of once this has. What it throws at the end of a complete stream is told instead. */
  readonly done: (outcome: Outcome) => MaybePromise<void>;
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

  function end(outcome: Outcome): MaybePromise<void> {
    if (ended) return undefined;
    ended = true;
    controller.offAbort(abort);
    return done(outcome);
  }

  function abort(): void {
    void end({ status: 'aborted' });
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
        const ending = result.done ? end({ status: 'ok' }) : undefined;
        if (ending !== undefined) await ending;
        return result;
      } catch (thrown) {
        const error = toReason(thrown);
        const ending = end(controller.isAborted ? { status: 'aborted' } : { status: 'error', error });
        if (ending !== undefined) await ending;
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
