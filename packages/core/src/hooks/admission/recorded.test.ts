import { describe, expect, test } from 'vitest';
import { modelRegistry } from '../../models/model-registry.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { BudgetWindow } from '../../types/principal.ts';
import type { Ledger, SpentPart } from '../../types/record.ts';
import type { Spender } from '../../types/spend.ts';
import { admission, type AdmissionOptions } from '../admission.ts';
import { callOf, complete, runHook } from '../hook-bench.test.support.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 2, 4, 12);
const models = modelRegistry([{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 0, output: 1e6 } }] }]);

type Spend = Spender & { readonly at: number; readonly costNanoUsd: number };

/** A ledger that knows of what was spent, and counts how often it was asked. */
function ledgerOf(spent: readonly Spend[]): Ledger & { asked: number; isAway: boolean } {
  const of = (whose: Spender, since: number): SpentPart[] => spent.filter(({ kind, id, at }) => kind === whose.kind && id === whose.id && at >= since);
  const ledger = {
    asked: 0,
    isAway: false,
    append: () => Promise.resolve(),
    spentSince: async (whose: Spender, since: number) => {
      ledger.asked += 1;
      if (ledger.isAway) throw new Error('away');
      return of(whose, since).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    },
    spentInParts: async (whose: Spender, since: number) => {
      ledger.asked += 1;
      return of(whose, since);
    },
  };
  return ledger;
}

type Bench = { call(budgetNanoUsd: number, budgetWindow?: BudgetWindow): Promise<string>; spendShown: string | undefined };

/** Calls of one key. Every call may cost ten, and costs ten. */
function bench(ledger: Ledger, options: Partial<AdmissionOptions> = {}, store: Store = memoryStore({ now: () => NOON })): Bench {
  const hook = admission({ store, models, ledger, onError: () => undefined, now: () => NOON, ...options });
  const result: Bench = {
    spendShown: undefined,
    async call(budgetNanoUsd, budgetWindow) {
      const ctx = callOf({ max_tokens: 10 }, { principal: { keyId: 'k', budgetNanoUsd, budgetWindow } });
      const { error } = await runHook(hook, ctx, () => {
        ctx.deployment = models.resolve('m')?.deployments[0];
        ctx.costNanoUsd = 10;
        return complete({});
      });
      result.spendShown = ctx.headers?.['x-sluice-key-spend'];
      return (error as { code?: string } | undefined)?.code ?? 'ok';
    },
  };
  return result;
}

const key = { kind: 'key', id: 'k' } as const;

describe('P36: what was spent is known from the ledger where the store has forgotten it', () => {
  test('a new process goes on where the last one was, and asks once', async () => {
    const ledger = ledgerOf([{ ...key, at: 0, costNanoUsd: 75 }]);
    const one = bench(ledger);
    expect([await one.call(100), await one.call(100), await one.call(100)]).toEqual(['ok', 'ok', 'budget_exceeded']);
    // Once for the budget, once for what the key has spent in all.
    expect(ledger.asked).toBe(2);
  });

  test('the spend that answers show is that of the ledger, too', async () => {
    const one = bench(ledgerOf([{ ...key, at: 0, costNanoUsd: 990_000_000 }]));
    await one.call(2_000_000_000);
    expect(one.spendShown).toBe('0.99000001');
  });

  test('a budget that starts anew counts what was spent since', async () => {
    const ledger = ledgerOf([
      { ...key, at: NOON - 30 * HOUR, costNanoUsd: 1000 },
      { ...key, at: NOON - HOUR, costNanoUsd: 95 },
    ]);
    expect(await bench(ledger).call(100, { length: '1d' })).toBe('budget_exceeded');
    expect(await bench(ledger).call(105, { length: '1d' })).toBe('ok');
  });

  test('a budget that rolls gets its parts back, each at its time and once', async () => {
    const store = memoryStore({ now: () => NOON });
    const ledger = ledgerOf([
      { ...key, at: NOON - 25 * HOUR, costNanoUsd: 1000 },
      { ...key, at: NOON - 20 * HOUR, costNanoUsd: 40 },
      { ...key, at: NOON - HOUR, costNanoUsd: 40 },
    ]);
    const rolling = { length: '1d', alignment: 'rolling' } as const;
    expect(await bench(ledger, {}, store).call(89, rolling)).toBe('budget_exceeded');
    expect(await store.total('budget:key:k', 24 * HOUR)).toBe(80);
    expect(await bench(ledger, {}, store).call(100, rolling)).toBe('ok');
    expect(await store.total('budget:key:k', 24 * HOUR)).toBe(90);
  });

  test('a store that forgets while the process runs is told again with the next call', async () => {
    let store = memoryStore({ now: () => NOON });
    const forgetful: Store = { ...store, reserve: (claims) => store.reserve(claims), adjust: (...args) => store.adjust(...args) };
    const one = bench(ledgerOf([{ ...key, at: 0, costNanoUsd: 60 }]), {}, forgetful);
    expect([await one.call(100), await one.call(100)]).toEqual(['ok', 'ok']);
    store = memoryStore({ now: () => NOON });
    expect([await one.call(100), await one.call(100), await one.call(100)]).toEqual(['ok', 'ok', 'budget_exceeded']);
  });

  test('a store that has failed is told what others have settled meanwhile: with the next call, and when none comes', { timeout: 10_000 }, async () => {
    const store = memoryStore({ now: () => NOON });
    const state = { isAway: false, store };
    const failing: Store = {
      ...store,
      reserve: (claims) => (state.isAway ? Promise.reject(new Error('away')) : state.store.reserve(claims)),
      adjust: (...args) => state.store.adjust(...args),
    };
    const spent: Spend[] = [{ ...key, at: 0, costNanoUsd: 20 }];
    const one = bench(ledgerOf(spent), { onStoreError: 'open' }, failing);
    expect(await one.call(100)).toBe('ok');
    state.isAway = true;
    expect(await one.call(100)).toBe('ok');
    state.isAway = false;
    state.store = memoryStore({ now: () => NOON });
    // Two calls of this gateway, and what another has settled since.
    spent.push({ ...key, at: 1, costNanoUsd: 20 }, { ...key, at: 2, costNanoUsd: 40 });
    expect([await one.call(100), await one.call(100)]).toEqual(['ok', 'ok']);
    expect(await state.store.total('budget:key:k')).toBe(90);
    spent.push({ ...key, at: 3, costNanoUsd: 35 });
    await expect.poll(() => state.store.total('budget:key:k'), { timeout: 8_000, interval: 100 }).toBe(115);
  });

  test('what could not be counted is told when the store is back, once', { timeout: 10_000 }, async () => {
    const store = memoryStore({ now: () => NOON });
    let isAway = true;
    const failing: Store = { ...store, adjust: (...args) => (isAway ? Promise.reject(new Error('away')) : store.adjust(...args)) };
    const one = bench(ledgerOf([]), {}, failing);
    expect(await one.call(100)).toBe('ok');
    expect(await store.total('spend:key:k')).toBe(0);
    isAway = false;
    await expect.poll(() => store.total('spend:key:k'), { timeout: 8_000, interval: 100 }).toBe(10);
  });

  test('fifty calls at once ask once', async () => {
    const ledger = ledgerOf([{ ...key, at: 0, costNanoUsd: 60 }]);
    const one = bench(ledger);
    const answers = await Promise.all(Array.from({ length: 50 }, () => one.call(100)));
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(4);
    expect(ledger.asked).toBe(2);
  });
});

describe('P34, P37: a ledger that is away', () => {
  test('refuses those of whom nothing is known, and lets them in when it is back', async () => {
    const ledger = Object.assign(ledgerOf([]), { isAway: true });
    const one = bench(ledger);
    expect(await one.call(100)).toBe('store_unavailable');
    expect(await bench(ledger, { onStoreError: 'open' }).call(100)).toBe('ok');
    ledger.isAway = false;
    expect(await bench(ledger).call(100)).toBe('ok');
  });

  test('keeps nobody out whom the store remembers', async () => {
    const store = memoryStore({ now: () => NOON });
    await store.adjust([{ key: 'budget:key:k', by: 85 }]);
    const one = bench(Object.assign(ledgerOf([]), { isAway: true }), {}, store);
    expect([await one.call(100), await one.call(100)]).toEqual(['ok', 'budget_exceeded']);
  });

  test('a silent one is not waited for for long', { timeout: 10_000 }, async () => {
    const silent: Ledger = { append: () => Promise.resolve(), spentSince: () => new Promise(() => undefined) };
    const startedAt = performance.now();
    const one = bench(silent);
    const answers = await Promise.all([one.call(100), one.call(100), one.call(100)]);
    expect(answers).toEqual(['store_unavailable', 'store_unavailable', 'store_unavailable']);
    expect(await one.call(100)).toBe('store_unavailable');
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });
});

test.each([
  [undefined, 1],
  [true, 0],
] as const)('a store that cannot be told what was spent is told of, unless it tells so itself (%s)', async (tellsOutages, count) => {
  const errors: unknown[] = [];
  const store: Store = { ...memoryStore({ now: () => NOON }), adjust: () => Promise.reject(new Error('away')), ...(tellsOutages && { tellsOutages }) };
  expect(await bench(ledgerOf([]), { onError: (error) => errors.push(error) }, store).call(100)).toBe('ok');
  expect(errors.filter((error) => (error as Error).message === 'away')).toHaveLength(count);
});
