import { defineStore, type MaybePromise, memoryStore, type Store } from '@sluice/core';

/** A store that answers by promise, after a moment, as those across a network do. */
export function slowStore(inner: Store = memoryStore(), delayMs = 1): Store {
  const later = <T>(answer: () => MaybePromise<T>): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(answer()), delayMs));
  return defineStore({
    get: (key) => later(() => inner.get(key)),
    set: (key, value, options) => later(() => inner.set(key, value, options)),
    delete: (key) => later(() => inner.delete(key)),
    total: (key, windowMs) => later(() => inner.total(key, windowMs)),
    reserve: (claims) => later(() => inner.reserve(claims)),
    adjust: (adjustments, ends) => later(() => inner.adjust(adjustments, ends)),
  });
}

/** A store that cannot be reached. */
export function deadStore(): Store {
  const fail = (): Promise<never> => Promise.reject(new Error('ECONNREFUSED'));
  return defineStore({ get: fail, set: fail, delete: fail, total: fail, reserve: fail, adjust: fail });
}
