import type { MaybePromise } from '../types/json.ts';
import { isPromise } from './maybe-promise.ts';

/** A process that was busy has not read what came meanwhile: however long that took, it counts as one part. */
const PARTS = 8;

/** What `work` comes to, unless it takes longer than `timeoutMs`. Costs nothing for what is there already. */
export function deadline<T>(work: MaybePromise<T>, timeoutMs: number, tooLate: () => Error): MaybePromise<T> {
  if (!isPromise(work)) return work;
  return new Promise((resolve, reject) => {
    let left = PARTS;
    const timer = setInterval(() => (left -= 1) <= 0 && reject(tooLate()), timeoutMs / PARTS);
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
