import { LRUCache } from 'lru-cache';
import type { Adjustment, Claim, Reservation, Store, WriteOptions } from './store.ts';
import { SumMap } from './sum-map.ts';
import { WindowMap } from './window-map.ts';

const MIB = 1024 * 1024;

export type MemoryStoreOptions = {
  /** Room for values, keys included; the least recently used give way. Counters have their own. Default 64 MiB. */
  readonly maxValueBytes?: number;
  /** Milliseconds since the epoch. Default: a clock that keeps its pace when the machine's is set. */
  readonly now?: () => number;
};

type Value = { readonly text: string; readonly expiresAt: number };

/** What one reservation holds; nothing once it has ended. */
type Held = { claims: readonly Claim[] };

type Refusal = Extract<Reservation, { readonly ok: false }>;

/**
 * Keeps everything in this process, and answers at once instead of by promise.
 *
 * All-time counters stay until they are back at zero or out of their time; windows until they are empty, and are
 * then swept as others come. How strict a window is, is said at {@link SlidingWindow}. What is held dies with the
 * process, as everything else does.
 */
export function memoryStore({ maxValueBytes = 64 * MIB, now: clock = steadyNow }: MemoryStoreOptions = {}): Store {
  const values = new LRUCache<string, Value>({ maxSize: maxValueBytes, sizeCalculation: sizeOf });
  const sums = new SumMap();
  const windows = new Map<number, WindowMap>();
  let latest = 0;

  /** Never goes back, so that buckets stay in order. */
  function now(): number {
    latest = Math.max(latest, clock());
    return latest;
  }

  function windowsOf(windowMs: number): WindowMap {
    let found = windows.get(windowMs);
    if (!found) windows.set(windowMs, (found = new WindowMap(windowMs)));
    return found;
  }

  function totalOf(key: string, windowMs: number | undefined, at: number): number {
    return windowMs === undefined ? sums.total(key, at) : (windows.get(windowMs)?.get(key)?.total(at) ?? 0);
  }

  function recall({ key, windowMs, expiresAt, atLeast }: Claim, at: number): void {
    if (atLeast === undefined || windowMs !== undefined) return;
    const forgotten = atLeast - sums.total(key, at);
    if (forgotten > 0) sums.add(key, forgotten, at, expiresAt);
  }

  function take({ key, amount, windowMs, expiresAt }: Claim, at: number): number {
    return windowMs === undefined ? sums.add(key, amount, at, expiresAt) : windowsOf(windowMs).open(key, at).add(amount, at);
  }

  function release(hold: Held, moment: number): void {
    for (const { key, amount, isHeld, expiresAt } of hold.claims) if (isHeld) sums.add(key, -amount, moment, expiresAt);
    hold.claims = [];
  }

  function correct({ key, by, windowMs, at, expiresAt }: Adjustment, moment: number): void {
    if (windowMs === undefined) sums.add(key, by, moment, expiresAt);
    else
      windowsOf(windowMs)
        .open(key, moment)
        .adjust(by, at ?? moment, moment);
  }

  function refuse(claims: readonly Claim[], index: number, at: number): Refusal {
    const { key, amount, limit, windowMs } = claims[index] as Claim;
    const wanted = claimedBefore(claims, index) + amount;
    const retryAfterMs = windowMs === undefined ? undefined : windows.get(windowMs)?.get(key)?.waitFor(wanted, limit, at);
    return { ok: false, refused: index, total: totalOf(key, windowMs, at), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      if (value.expiresAt > now()) return value.text;
      values.delete(key);
      return undefined;
    },

    set(key, text, { ttlMs = Infinity }: WriteOptions = {}) {
      values.set(key, { text, expiresAt: now() + ttlMs });
    },

    delete(key) {
      values.delete(key);
    },

    total: (key, windowMs) => totalOf(key, windowMs, now()),

    reserve(claims) {
      const at = now();
      for (const claim of claims) recall(claim, at);
      let refusal: Refusal | undefined;
      for (let index = 0; index < claims.length; index += 1) {
        const { key, amount, limit, windowMs } = claims[index] as Claim;
        if (totalOf(key, windowMs, at) + claimedBefore(claims, index) + amount > limit) refusal = longer(refusal, refuse(claims, index, at));
      }
      if (refusal) return refusal;
      const totals = claims.map((claim) => take(claim, at));
      return claims.some(({ isHeld }) => isHeld) ? { ok: true, totals, at, hold: { claims } satisfies Held } : { ok: true, totals, at };
    },

    adjust(adjustments, ends = []) {
      const moment = now();
      for (const hold of ends) release(hold as Held, moment);
      for (const adjustment of adjustments) correct(adjustment, moment);
    },
  };
}

/** The refusal that lasts longer; one that time does not lift lasts longest. */
function longer(one: Refusal | undefined, other: Refusal): Refusal {
  return one !== undefined && (one.retryAfterMs ?? Infinity) >= (other.retryAfterMs ?? Infinity) ? one : other;
}

/** What earlier claims of the same reservation want from the same counter. */
function claimedBefore(claims: readonly Claim[], index: number): number {
  const { key, windowMs } = claims[index] as Claim;
  let sum = 0;
  for (let before = 0; before < index; before += 1) {
    const claim = claims[before] as Claim;
    if (claim.key === key && claim.windowMs === windowMs) sum += claim.amount;
  }
  return sum;
}

/** Two bytes a character: no string takes more. */
function sizeOf({ text }: Value, key: string): number {
  return 2 * (text.length + key.length) || 1;
}

/** Wall-clock time at start, and from there the monotonic clock. */
function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
