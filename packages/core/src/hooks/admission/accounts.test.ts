import { describe, expect, test } from 'vitest';
import type { GatewayError } from '../../errors/gateway-error.ts';
import { modelRegistry } from '../../models/model-registry.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { Account, Policy, Principal } from '../../types/principal.ts';
import { admission, type AdmissionOptions } from '../admission.ts';
import { callOf, complete, runHook } from '../hook-bench.test.support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 2, 4, 12);
/** A nano-dollar an output token; input is free. Every call may cost ten, and costs ten. */
const models = modelRegistry([{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 0, output: 1e6 } }] }]);

type Bench = { call(principal: Principal, policy?: Policy): Promise<GatewayError | undefined>; readonly store: Store; at(now: number): void };

function bench(options: Partial<AdmissionOptions> = {}): Bench {
  let now = NOON;
  const store = memoryStore({ now: () => now });
  const hook = admission({ store, models, now: () => now, ...options });
  return {
    store,
    at: (moment) => void (now = moment),
    async call(principal, policy) {
      const ctx = callOf({ max_tokens: 10 }, { principal, policy });
      const { error } = await runHook(hook, ctx, () => {
        ctx.deployment = models.resolve('m')?.deployments[0];
        ctx.costNanoUsd = 10;
        ctx.usage = { inputTokens: 1, outputTokens: 10 };
        return complete({});
      });
      return error as GatewayError | undefined;
    },
  };
}

describe('everybody who answers for a call has to have room for it', () => {
  const kinds: Account['kind'][] = ['user', 'team', 'team_member', 'organization', 'project', 'end_user', 'tag'];

  test.each(kinds)('a budget of the %s holds over all its keys', async (kind) => {
    const { call } = bench();
    const accounts: Account[] = [{ kind, id: 'x', budgetNanoUsd: 25 }];
    expect(await call({ keyId: 'a', accounts })).toBeUndefined();
    expect(await call({ keyId: 'b', accounts })).toBeUndefined();
    expect(await call({ keyId: 'c', accounts })).toMatchObject({ code: 'budget_exceeded', status: 402 });
    expect(await call({ keyId: 'c', accounts: [{ kind, id: 'other', budgetNanoUsd: 25 }] })).toBeUndefined();
  });

  test.each(kinds)('a limit of the %s holds over all its keys', async (kind) => {
    const { call } = bench();
    const accounts: Account[] = [{ kind, id: 'x', limits: { requestsPerMinute: 1 } }];
    expect(await call({ keyId: 'a', accounts })).toBeUndefined();
    const refusal = await call({ keyId: 'b', accounts });
    expect(refusal).toMatchObject({ code: 'rate_limited', status: 429 });
    expect(refusal?.message).toContain(`this ${kind === 'team_member' ? 'member of the team' : kind.replace('_', ' ')}`);
  });

  test('P17: the refusal of one burns nothing of the others', async () => {
    const { call, store } = bench();
    const full: Account = { kind: 'team', id: 'full', budgetNanoUsd: 5 };
    const accounts: Account[] = [{ kind: 'user', id: 'u', limits: { requestsPerMinute: 5, parallelCalls: 1 }, budgetNanoUsd: 100 }, full];
    for (let count = 0; count < 20; count += 1) expect(await call({ keyId: 'a', accounts })).toMatchObject({ code: 'budget_exceeded' });
    const totals = await Promise.all([store.total('requests:user:u', 60_000), store.total('parallel:user:u'), store.total('budget:user:u')]);
    expect(totals).toEqual([0, 0, 0]);
  });

  test('a key may have an allowance for one model', async () => {
    const { call } = bench();
    const principal: Principal = { keyId: 'a', budgetNanoUsd: 1000, modelAllowances: { m: { budgetNanoUsd: 15 }, other: { budgetNanoUsd: 0 } } };
    expect(await call(principal)).toBeUndefined();
    expect((await call(principal))?.message).toContain('of this key for this model');
  });
});

describe('P10: a budget starts anew', () => {
  test('at local midnight and not before, once', async () => {
    const { call, at } = bench();
    const principal: Principal = { keyId: 'a', budgetNanoUsd: 10, budgetWindow: { length: '1d', timeZone: 'America/New_York' } };
    expect(await call(principal)).toBeUndefined();
    at(Date.UTC(2026, 2, 5, 4, 59, 59));
    expect(await call(principal)).toMatchObject({ code: 'budget_exceeded' });
    at(Date.UTC(2026, 2, 5, 5));
    expect(await call(principal)).toBeUndefined();
    expect(await call(principal)).toMatchObject({ code: 'budget_exceeded' });
  });

  test('for each account in its own window', async () => {
    const { call, at } = bench({ allowance: { gateway: { budgetNanoUsd: 30, budgetWindow: { length: '1mo' } } } });
    const principal: Principal = { keyId: 'a', accounts: [{ kind: 'team', id: 't', budgetNanoUsd: 20, budgetWindow: { length: '2h' } }] };
    expect([await call(principal), await call(principal)]).toEqual([undefined, undefined]);
    expect((await call(principal))?.message).toContain('of this team');
    at(NOON + 2 * HOUR);
    expect(await call(principal)).toBeUndefined();
    expect((await call(principal))?.message).toContain('of the whole gateway');
  });

  test('a window that rolls lets go of each call in its own time', async () => {
    const { call, at } = bench();
    const principal: Principal = { keyId: 'a', budgetNanoUsd: 20, budgetWindow: { length: '1d', alignment: 'rolling' } };
    await call(principal);
    at(NOON + 12 * HOUR);
    await call(principal);
    expect(await call(principal)).toMatchObject({ code: 'budget_exceeded' });
    at(NOON + DAY + HOUR);
    expect(await call(principal)).toBeUndefined();
    expect(await call(principal)).toMatchObject({ code: 'budget_exceeded' });
  });

  test('a call that ends after its period is charged to the period it began in', async () => {
    let now = NOON;
    const store = memoryStore({ now: () => now });
    const hook = admission({ store, models, now: () => now });
    const ctx = callOf({ max_tokens: 10 }, { principal: { keyId: 'a', budgetNanoUsd: 10, budgetWindow: { length: '1d' } } });
    await runHook(hook, ctx, () => {
      now = NOON + DAY;
      ctx.costNanoUsd = 7;
      return complete({});
    });
    expect(store.total('budget:key:a:2026-03-04T00:00:00.000Z')).toBe(7);
    expect(store.total('budget:key:a:2026-03-05T00:00:00.000Z')).toBe(0);
  });
});
