import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';
import type { Adjustment, Claim, Reservation, Store } from './store.ts';
import { WindowMap } from './window-map.ts';

const WINDOW_MS = 600;
const BUCKET_MS = WINDOW_MS / 60;
const RUNS = 400;

/** The rules of a store, with every entry remembered on its own and nothing clever. */
class NaiveStore {
  readonly #entries: { key: string; windowMs: number | undefined; amount: number; at: number }[] = [];

  /** What surely counts, and what may still count because it shares a bucket with something younger. */
  totals(key: string, windowMs: number | undefined, now: number): readonly [least: number, most: number] {
    const sum = (since: number) =>
      this.#entries
        .filter((entry) => entry.key === key && entry.windowMs === windowMs && (windowMs === undefined || entry.at > since))
        .reduce((total, entry) => total + entry.amount, 0);
    return windowMs === undefined ? [sum(0), sum(0)] : [sum(now - windowMs), sum(now - windowMs - BUCKET_MS)];
  }

  take({ key, windowMs, amount }: Claim, at: number): void {
    this.#entries.push({ key, windowMs, amount, at });
  }
}

type Step = { readonly wait: number; readonly claims: readonly Claim[] };

const claim = fc
  .record({
    key: fc.constantFrom('a', 'b'),
    amount: fc.nat(6),
    limit: fc.nat(12),
    windowMs: fc.constantFrom(undefined, WINDOW_MS),
  })
  .map(({ windowMs, ...rest }): Claim => (windowMs === undefined ? rest : { ...rest, windowMs }));
const steps = fc.array(fc.record({ wait: fc.oneof(fc.nat(15), fc.nat(WINDOW_MS)), claims: fc.array(claim, { maxLength: 4 }) }), { maxLength: 80 });

/** Runs `check` after each step with what the store said. */
function play(history: readonly Step[], check: (step: Step, reservation: Reservation, store: Store, now: number) => void): void {
  let now = 1_000_000;
  const store = memoryStore({ now: () => now });
  for (const step of history) {
    now += step.wait;
    check(step, store.reserve(step.claims) as Reservation, store, now);
  }
}

describe('P14: against a naive model, whatever the history', () => {
  test('no window ever holds more than was allowed, all or nothing is taken, and a refusal is true', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const naive = new NaiveStore();
        play(history, ({ claims }, reservation, store, now) => {
          const wanted = new Map<string, number>();
          let surelyFits = true;
          let mayFit = true;
          for (const { key, windowMs, amount, limit } of claims) {
            const name = `${key} ${windowMs}`;
            wanted.set(name, (wanted.get(name) ?? 0) + amount);
            const [least, most] = naive.totals(key, windowMs, now);
            surelyFits &&= most + (wanted.get(name) ?? 0) <= limit;
            mayFit &&= least + (wanted.get(name) ?? 0) <= limit;
          }
          if (reservation.ok) {
            expect(mayFit).toBe(true);
            for (const one of claims) naive.take(one, now);
          } else {
            expect(surelyFits).toBe(false);
          }
          for (const { key, windowMs } of claims) {
            const [least, most] = naive.totals(key, windowMs, now);
            const total = store.total(key, windowMs) as number;
            expect(total).toBeGreaterThanOrEqual(least);
            expect(total).toBeLessThanOrEqual(most);
          }
        });
      }),
      { numRuns: RUNS },
    );
  });

  test('after the wait that is named the claims fit, and a moment before they do not', () => {
    fc.assert(
      fc.property(steps, claim, (history, last) => {
        let now = 1_000_000;
        const store = memoryStore({ now: () => now });
        for (const { wait, claims } of history) {
          now += wait;
          void store.reserve(claims);
        }
        const refusal = store.reserve([last]) as Reservation;
        if (refusal.ok || refusal.retryAfterMs === undefined) return;
        expect(refusal.retryAfterMs).toBeGreaterThan(0);
        expect(refusal.retryAfterMs).toBeLessThanOrEqual(WINDOW_MS);
        now += refusal.retryAfterMs - 0.5;
        expect(store.reserve([last])).toMatchObject({ ok: false });
        now += 0.5;
        expect(store.reserve([last])).toMatchObject({ ok: true });
      }),
      { numRuns: RUNS },
    );
  });

  test('reserving and settling in any order ends at the sum of what was settled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ held: fc.nat(1000), used: fc.nat(1000), wait: fc.nat(5) }), { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (calls, random) => {
          let now = 1_000_000;
          const store = memoryStore({ now: () => now });
          const open: Adjustment[][] = [];
          const close = (): void => void store.adjust(open.splice((random.next().value as number) % open.length, 1)[0] ?? []);
          for (const { held, used, wait } of calls) {
            now += wait;
            const { at } = store.reserve([
              { key: 'n', amount: held, limit: 1e9 },
              { key: 'n', amount: held, limit: 1e9, windowMs: WINDOW_MS },
            ]) as { at: number };
            open.push([
              { key: 'n', by: used - held },
              { key: 'n', by: used - held, windowMs: WINDOW_MS, at },
            ]);
            if (open.length > 10) close();
          }
          while (open.length > 0) close();
          const sum = calls.reduce((total, { used }) => total + used, 0);
          expect(store.total('n')).toBe(sum);
          expect(store.total('n', WINDOW_MS)).toBe(sum);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('what the memory store takes', () => {
  test('values stay within their room, the least recently used go first', () => {
    const store = memoryStore({ maxValueBytes: 1000 });
    void store.set('a', 'x'.repeat(200));
    void store.set('b', 'x'.repeat(200));
    void store.get('a');
    void store.set('c', 'x'.repeat(200));
    expect([store.get('a'), store.get('b'), store.get('c')].map((value) => value !== undefined)).toEqual([true, false, true]);
    void store.set('huge', 'x'.repeat(2000));
    expect([store.get('huge'), store.get('c')?.toString().length]).toEqual([undefined, 200]);
  });

  test('counters are not among what gives way', () => {
    const store = memoryStore({ maxValueBytes: 100 });
    void store.adjust([{ key: 'n', by: 7 }]);
    for (let index = 0; index < 1000; index += 1) void store.set(`v${index}`, 'x'.repeat(20));
    expect(store.total('n')).toBe(7);
  });

  test('windows that are empty do not pile up', () => {
    const windows = new WindowMap(1000);
    for (let now = 0; now < 1_000_000; now += 10) windows.open(`key ${now}`, now).add(1, now);
    // A hundred are alive at a time.
    expect(windows.size).toBeLessThan(500);
  });
});

test('a clock that goes back neither frees nor locks', () => {
  let now = 1_000_000;
  const store = memoryStore({ now: () => now });
  const claims = [{ key: 'n', amount: 1, limit: 1, windowMs: 1000 }];
  expect(store.reserve(claims)).toMatchObject({ ok: true });
  now -= 500_000;
  expect(store.reserve(claims)).toMatchObject({ ok: false, retryAfterMs: 1000 });
  now = 1_001_000;
  expect(store.reserve(claims)).toMatchObject({ ok: true });
});

test('its own clock is the time of day', () => {
  const { at } = memoryStore().reserve([]) as { at: number };
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
});
