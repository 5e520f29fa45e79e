import type { MaybePromise } from '../types/json.ts';
import { isPromise } from './maybe-promise.ts';

/** What `work` comes to, unless it takes longer than `timeoutMs`. Costs nothing for what is there already. */
export function deadline<T>(work: MaybePromise<T>, timeoutMs: number, tooLate: () => Error): MaybePromise<T> {
  if (!isPromise(work)) return work;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate()), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
