import type { MaybePromise } from '../types/json.ts';

/** Whether something has to be awaited. Awaiting what is no promise costs a turn of the microtask queue. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function';
}

/** `map` at once for what is there already, later for what is not. */
export function andThen<T, R>(value: MaybePromise<T>, map: (value: T) => R): MaybePromise<Awaited<R>> {
  return (isPromise(value) ? value.then(map) : map(value)) as MaybePromise<Awaited<R>>;
}
