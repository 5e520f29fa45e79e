import { defineStore, memoryStore, type Store } from '@sluice/core';

export type SampleNameStoreOptions = {
  /** Room for values, in bytes; the least recently used give way. Counters have their own. */
  readonly maxValueBytes?: number;
  /** Milliseconds since the epoch, for tests. */
  readonly now?: () => number;
};

/**
 * Begins as the store in memory, which says by what it does what each of these has to do. Put what is to be behind
 * the store in its place, one after the other, and let `storeContract` tell when they are done.
 *
 * @example
 * createGateway({ store: sampleNameStore() });
 */
export function sampleNameStore(options: SampleNameStoreOptions = {}): Store {
  const memory = memoryStore(options);
  return defineStore({
    get: (key) => memory.get(key),
    set: (key, value, write) => memory.set(key, value, write),
    delete: (key) => memory.delete(key),
    total: (key, windowMs) => memory.total(key, windowMs),
    // All of the claims or none, in one atomic step and one round trip.
    reserve: (claims) => memory.reserve(claims),
    // The same for what ends holds and corrects counters. A total never falls below zero.
    adjust: (adjustments, ends) => memory.adjust(adjustments, ends),
    // Closes the connections that the store has opened.
    close: () => memory.close?.(),
  });
}
