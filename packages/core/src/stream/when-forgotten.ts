import type { LazyAbortController } from './lazy-abort-controller.ts';

const forgotten = new FinalizationRegistry<LazyAbortController>((controller) => controller.abort());

/**
 * Ends a call when the program lets go of `answer` without having read it to its end: nobody else would, and what the
 * call holds of limits and budgets would stay held. Only for answers that have no connection whose close says so.
 */
export function endWhenForgotten<T extends object>(answer: T, controller: LazyAbortController): T {
  forgotten.register(answer, controller);
  return answer;
}
