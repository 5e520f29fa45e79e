import { describe, expect, test } from 'vitest';
import type { GatewayError } from '../../errors/gateway-error.ts';
import { modelRegistry } from '../../models/model-registry.ts';
import type { Context } from '../../pipeline/context.ts';
import { shadowed } from '../../pipeline/shadowed.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { BudgetAlert } from '../../types/budget-alert.ts';
import type { Principal } from '../../types/principal.ts';
import { admission, type AdmissionOptions } from '../admission.ts';
import { callOf, complete, runHook } from '../hook-bench.test.support.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 2, 4, 12);
const price = { input: 0, output: 1e6 };
const models = modelRegistry([
  { name: 'large', deployments: [{ id: 'l', provider: 'p', model: 'large', price }] },
  { name: 'small', deployments: [{ id: 's', provider: 'p', model: 'small', price: { input: 0, output: 1e5 } }] },
  { name: 'free', deployments: [{ id: 'f', provider: 'p', model: 'free' }] },
]);

type Called = { readonly ctx: Context; readonly code: string };

/** Calls of ten output tokens: the large model costs ten, the small one costs one. */
function bench(options: Partial<AdmissionOptions> = {}, store?: Store) {
  let now = NOON;
  const kept = store ?? memoryStore({ now: () => now });
  const alerts: BudgetAlert[] = [];
  const hook = admission({ store: kept, models, now: () => now, onAlert: (alert) => void alerts.push(alert), ...options });
  return {
    alerts,
    at: (moment: number) => void (now = moment),
    async call(principal: Principal, model = 'large', fields: object = {}): Promise<Called> {
      const ctx = callOf({ model, max_tokens: 10, ...fields }, { principal });
      const { error } = await runHook(hook, ctx, () => {
        ctx.deployment = models.resolve(ctx.request.model)?.deployments[0];
        ctx.costNanoUsd = ctx.request.model === 'large' ? 10 : 1;
        return complete({});
      });
      await new Promise(setImmediate);
      return { ctx, code: (error as GatewayError | undefined)?.code ?? 'ok' };
    },
  };
}

describe('alerts', () => {
  test('each mark of a budget is told of once in its window', async () => {
    const { call, alerts, at } = bench({ alertAt: [0.5, 0.8] });
    const principal: Principal = { keyId: 'k', accounts: [{ kind: 'team', id: 't', budgetNanoUsd: 100, budgetWindow: { length: '1d' } }] };
    for (let count = 0; count < 11; count += 1) await call(principal);
    const owner = { kind: 'team', id: 't' };
    expect(alerts).toMatchObject([
      { kind: 'threshold', share: 0.5, owner, spentNanoUsd: 50, budgetNanoUsd: 100 },
      { kind: 'threshold', share: 0.8, owner, spentNanoUsd: 80, budgetNanoUsd: 100 },
      { kind: 'exceeded', owner, spentNanoUsd: 100, budgetNanoUsd: 100 },
    ]);
    at(NOON + DAY);
    for (let count = 0; count < 5; count += 1) await call(principal);
    expect(alerts.slice(3)).toMatchObject([{ kind: 'threshold', share: 0.5, spentNanoUsd: 50 }]);
  });

  test('over all gateways that share a store', async () => {
    const store = memoryStore({ now: () => NOON });
    const [one, other] = [bench({ alertAt: [0.5] }, store), bench({ alertAt: [0.5] }, store)];
    for (let count = 0; count < 4; count += 1)
      await Promise.all([one.call({ keyId: 'k', budgetNanoUsd: 100 }), other.call({ keyId: 'k', budgetNanoUsd: 100 })]);
    expect([...one.alerts, ...other.alerts]).toHaveLength(1);
  });

  test('again where the budget was raised', async () => {
    const { call, alerts } = bench({ alertAt: [0.5] });
    for (const budgetNanoUsd of [20, 20, 100, 100, 100, 100]) await call({ keyId: 'k', budgetNanoUsd });
    expect(alerts).toMatchObject([
      { kind: 'threshold', budgetNanoUsd: 20 },
      { kind: 'threshold', budgetNanoUsd: 100, spentNanoUsd: 50 },
    ]);
  });

  test('a soft budget is told of and refuses nobody, whether the model has a price or not', async () => {
    const { call, alerts } = bench();
    const principal: Principal = { keyId: 'k', softBudgetNanoUsd: 25 };
    const codes = [await call(principal), await call(principal), await call(principal), await call(principal, 'free')].map(({ code }) => code);
    expect(codes).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(alerts).toMatchObject([{ kind: 'soft_budget', spentNanoUsd: 30, budgetNanoUsd: 25, owner: { kind: 'key', id: 'k' } }]);
  });

  test('what fails to be told is told by the next call, and fails no call', async () => {
    const errors: unknown[] = [];
    let isDown = true;
    const told: BudgetAlert[] = [];
    const { call } = bench({
      alertAt: [0.1],
      onAlert: (alert) => void told.push(alert),
      onError: (error) => void errors.push(error),
      store: failingMarks(() => isDown),
    });
    expect((await call({ keyId: 'k', budgetNanoUsd: 100 })).code).toBe('ok');
    isDown = false;
    expect((await call({ keyId: 'k', budgetNanoUsd: 100 })).code).toBe('ok');
    expect([errors.length, told.length]).toEqual([1, 1]);
  });
});

/** A store that cannot note alerts. */
function failingMarks(isDown: () => boolean): Store {
  const store = memoryStore({ now: () => NOON });
  return {
    ...store,
    reserve: (claims) => (isDown() && claims[0]?.key.startsWith('alert:') ? Promise.reject(new Error('down')) : store.reserve(claims)),
  };
}

describe('shadow', () => {
  test('counts limits and budgets, tells what they would have refused, and refuses nothing', async () => {
    const { call, alerts } = bench();
    const principal: Principal = {
      keyId: 'k',
      accounts: [{ kind: 'team', id: 't', limits: { requestsPerMinute: 1, parallelCalls: 5 }, budgetNanoUsd: 15, isShadow: true }],
    };
    const [first, second] = [await call(principal), await call(principal)];
    expect([first.code, second.code]).toEqual(['ok', 'ok']);
    expect(first.ctx.get(shadowed)).toBeUndefined();
    expect(second.ctx.get(shadowed)).toEqual(['requests:team', 'budget:team']);
    expect(second.ctx.headers?.['x-sluice-shadow']).toBe('requests:team,budget:team');
    expect(second.ctx.headers).not.toHaveProperty('x-ratelimit-limit-requests');
    expect(alerts).toMatchObject([{ kind: 'exceeded', budgetNanoUsd: 15, spentNanoUsd: 10 }]);
  });

  test('of one leaves the others as they are, and does not ask for prices', async () => {
    const { call } = bench();
    const principal: Principal = { keyId: 'k', budgetNanoUsd: 1, isShadow: true, accounts: [{ kind: 'team', id: 't', limits: { requestsPerMinute: 2 } }] };
    expect([await call(principal, 'free'), await call(principal), await call(principal)].map(({ code }) => code)).toEqual(['ok', 'ok', 'rate_limited']);
  });
});

describe('cheaper models', () => {
  const degrade = { at: 0.5, to: { large: 'small' } };

  test('answer once a share of the budget is used, and the caller is told', async () => {
    const { call } = bench();
    const principal: Principal = { keyId: 'k', budgetNanoUsd: 40, degrade };
    const calls = [await call(principal), await call(principal), await call(principal)];
    expect(calls.map(({ ctx }) => ctx.request.model)).toEqual(['large', 'large', 'small']);
    expect(calls[2]?.ctx.headers?.['x-sluice-degraded-from']).toBe('large');
    expect(calls[1]?.ctx.headers).not.toHaveProperty('x-sluice-degraded-from');
  });

  test('answer where there is no room for the one that was asked for, until there is none for them either', async () => {
    const { call } = bench();
    const principal: Principal = { keyId: 'k', budgetNanoUsd: 12, degrade: { at: 1, to: { large: 'small' } } };
    const calls = [await call(principal), await call(principal), await call(principal), await call(principal)];
    expect(calls.map(({ ctx, code }) => [ctx.request.model, code])).toEqual([
      ['large', 'ok'],
      ['small', 'ok'],
      ['small', 'ok'],
      ['small', 'budget_exceeded'],
    ]);
  });

  test('are not answered by where the caller may not use them', async () => {
    const { call } = bench();
    const principal: Principal = { keyId: 'k', budgetNanoUsd: 30, degrade, models: ['large'] };
    const calls = [await call(principal), await call(principal), await call(principal), await call(principal)];
    expect(calls.map(({ ctx, code }) => [ctx.request.model, code]).at(-1)).toEqual(['large', 'budget_exceeded']);
    expect(calls.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok', 'budget_exceeded']);
  });
});

describe('money a minute', () => {
  test('is a limit like any other, held by what a call may cost and corrected to what it did', async () => {
    const { call, at } = bench();
    const principal: Principal = { keyId: 'k', limits: { costPerMinuteNanoUsd: 25 } };
    const calls = [await call(principal), await call(principal), await call(principal), await call(principal, 'small')];
    expect(calls.map(({ code }) => code)).toEqual(['ok', 'ok', 'rate_limited', 'ok']);
    at(NOON + 61_000);
    expect((await call(principal)).code).toBe('ok');
  });

  test('asks for prices', async () => {
    const { call } = bench();
    expect((await call({ keyId: 'k', limits: { costPerMinuteNanoUsd: 25 } }, 'free')).code).toBe('model_unpriced');
  });
});

describe('users', () => {
  const allowance = { perUser: { limits: { requestsPerMinute: 1 } }, users: { anna: { limits: { requestsPerMinute: 2 } } } };

  test('have their own allowance over all their keys, or that of each', async () => {
    const { call } = bench({ allowance });
    const codes = [];
    for (const [keyId, userId] of ['a anna', 'b anna', 'c anna', 'd ben', 'e ben', 'f carl'].map((pair) => pair.split(' '))) {
      codes.push((await call({ keyId: keyId ?? '', userId: userId ?? '' })).code);
    }
    expect(codes).toEqual(['ok', 'ok', 'rate_limited', 'ok', 'rate_limited', 'ok']);
  });

  test('whom a request names are counted where they are known, and nobody else is', async () => {
    const { call } = bench({ allowance });
    const named = async (user: string) => (await call({ keyId: 'k' }, 'large', { user })).code;
    expect([await named('anna'), await named('anna'), await named('anna')]).toEqual(['ok', 'ok', 'rate_limited']);
    expect([await named('who'), await named('who')]).toEqual(['ok', 'ok']);
  });

  test('of a directory are counted as it says', async () => {
    const { call } = bench({ allowance });
    const principal: Principal = { keyId: 'k', userId: 'ben', accounts: [{ kind: 'user', id: 'ben', limits: { requestsPerMinute: 3 } }] };
    expect([await call(principal), await call(principal)].map(({ code }) => code)).toEqual(['ok', 'ok']);
  });
});
