import assert from 'node:assert/strict';
import type { Claim, Reservation, Store } from '@sluice/core';

/** A fresh, empty store, and a way to let time pass for it: by a clock of its own, or by waiting. */
export type StoreUnderTest = {
  readonly store: Store;
  advance(ms: number): void | Promise<void>;
  /**
   * Lets the process behind `store` die without a word, and answers a store of another one over the same state, with
   * how long the dead are waited for. Absent where the state dies with the process.
   */
  crash?(): Promise<{ readonly store: Store; readonly leaseMs: number }>;
};

/** One rule, checked on a fresh store. Windows are a second long, so that real stores can be waited for. */
export type StoreCase = {
  readonly name: string;
  check(given: StoreUnderTest): Promise<void>;
};

export const WINDOW_MS = 1000;

/** How much longer than its time a claim may be held: a sixtieth of the window, and the clock's grain. */
export const GRAIN_MS = Math.ceil(WINDOW_MS / 60) + 1;

/** The claims have to fit; answers what {@link Store.adjust} wants to know. */
export async function mustReserve(store: Store, ...claims: readonly Claim[]): Promise<Extract<Reservation, { ok: true }>> {
  const reservation = await store.reserve(claims);
  assert.ok(reservation.ok, `expected room for ${JSON.stringify(claims)}, got ${JSON.stringify(reservation)}`);
  return reservation;
}

/** The claims may not fit. */
export async function mustRefuse(store: Store, ...claims: readonly Claim[]): Promise<Extract<Reservation, { ok: false }>> {
  const reservation = await store.reserve(claims);
  assert.ok(!reservation.ok, `expected no room for ${JSON.stringify(claims)}`);
  return reservation;
}
