import type { MaybePromise } from '../types/json.ts';

/** A credential that may end. */
export type Expiring<T> = { readonly value: T; readonly expiresAtMs?: number | undefined };

/** Renewed before it ends, as a call that bears it may still wait. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

/**
 * What `load` brings, kept until five minutes before it ends. One look-up at a time, however many wait for it; one that
 * failed is not remembered.
 */
export function keptUntilExpiry<T>(load: () => Promise<Expiring<T>>, now: () => number = Date.now): () => MaybePromise<T> {
  let current: Expiring<T> | undefined;
  let pending: Promise<T> | undefined;
  return () => {
    if (current && (current.expiresAtMs === undefined || current.expiresAtMs - RENEW_BEFORE_MS > now())) return current.value;
    pending ??= load()
      .then((found) => (current = found).value)
      .finally(() => (pending = undefined));
    return pending;
  };
}
