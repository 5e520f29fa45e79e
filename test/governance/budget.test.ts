import { GatewayError, type GatewayOptions, type Principal, type Store } from '@sluice/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CENT, governed, group, request } from './support/gateway.ts';
import { deadStore, slowStore } from './support/slow-store.ts';
import { after, answer, startUpstream, stream, type Upstream } from './support/upstream.ts';

const FREE_INPUT = { input: 0, output: 1_000_000_000_000 };
const DOLLAR = 100 * CENT;
const principal: Principal = { keyId: 'k' };
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream(answer());
});
beforeEach(() => {
  upstream.script = answer();
  upstream.calls = 0;
});
afterAll(() => upstream.close());

/** A gateway whose calls cost a cent, and what came of `calls` of them at once. */
async function storm(
  calls: number,
  options: Partial<GatewayOptions>,
  callOptions: object = { principal },
): Promise<{ ok: number; errors: GatewayError[]; store: Store }> {
  upstream.script = after(200, answer());
  const { gateway, store } = governed(upstream, { models: [group('gpt', upstream, { price: FREE_INPUT })], ...options });
  const outcomes = await Promise.allSettled(Array.from({ length: calls }, () => gateway.chat.completions.create(request, callOptions)));
  await gateway.idle();
  await gateway.close();
  const errors = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as GatewayError);
  return { ok: calls - errors.length, errors, store };
}

describe('P01: a budget is never exceeded by admission', () => {
  test('of 10,000 calls of a cent at once against a dollar exactly 100 succeed', async () => {
    const { ok, errors, store } = await storm(10_000, { allowance: { perKey: { budgetNanoUsd: DOLLAR } } });
    expect(ok).toBe(100);
    expect(upstream.calls).toBe(100);
    expect(new Set(errors.map(({ code, status }) => `${status} ${code}`))).toEqual(new Set(['402 budget_exceeded']));
    expect([await store.total('spend:key:k'), await store.total('budget:key:k')]).toEqual([DOLLAR, DOLLAR]);
  });

  test('nor over a store that answers by promise', async () => {
    const { ok, store } = await storm(2000, { allowance: { perKey: { budgetNanoUsd: DOLLAR } }, store: slowStore() });
    expect(ok).toBe(100);
    expect(await store.total('budget:key:k')).toBe(DOLLAR);
  });

  test.each<[string, Partial<GatewayOptions>, object]>([
    ['of a key with one of its own', {}, { principal: { ...principal, budgetNanoUsd: 5 * CENT } }],
    ['of an address', {}, { principal, policy: { name: 'support', budgetNanoUsd: 5 * CENT } }],
    ['of the gateway', { allowance: { gateway: { budgetNanoUsd: 5 * CENT }, perKey: { budgetNanoUsd: DOLLAR } } }, { principal }],
    ['of the gateway, for callers without a key', { auth: false, allowance: { gateway: { budgetNanoUsd: 5 * CENT } } }, {}],
  ])('the budget %s holds', async (_, options, callOptions) => {
    expect((await storm(20, options, callOptions)).ok).toBe(5);
  });

  test('one key does not use up the budget of another', async () => {
    const { gateway } = governed(upstream, { allowance: { perKey: { budgetNanoUsd: 2 * CENT } } });
    await gateway.chat.completions.create(request, { principal });
    await expect(gateway.chat.completions.create(request, { principal })).rejects.toMatchObject({ code: 'budget_exceeded' });
    await gateway.chat.completions.create(request, { principal: { keyId: 'other' } });
    await gateway.close();
  });
});

describe('P03: a stream does not outrun its budget', () => {
  test('endless streams that nobody limits end in an error when the budget is used up', async () => {
    upstream.script = stream({ chunks: 100_000, everyMs: 1 });
    const { gateway, store } = governed(upstream, { allowance: { perKey: { budgetNanoUsd: DOLLAR } }, budget: { assumedOutputTokens: 20 } });
    const { max_tokens: _, ...open } = request;
    const ends = await Promise.all(
      Array.from({ length: 40 }, async () => {
        try {
          for await (const _ of await gateway.chat.completions.create({ ...open, stream: true }, { principal }));
          return 'complete';
        } catch (error) {
          return GatewayError.from(error).code;
        }
      }),
    );
    await gateway.idle();
    expect(new Set(ends)).toEqual(new Set(['budget_exceeded']));
    const spent = await store.total('spend:key:k');
    expect(await store.total('budget:key:k')).toBe(spent);
    expect(spent).toBeGreaterThan(0.9 * DOLLAR);
    // A thousand tokens make a dollar; a stream may be over by what came in one read.
    const TOKENS_A_READ = 20;
    expect(spent).toBeLessThanOrEqual(DOLLAR + (40 * TOKENS_A_READ * CENT) / 10);
    await gateway.close();
  });

  test('a stream longer than assumed goes on while there is room', async () => {
    upstream.script = stream({ chunks: 600, usage: { prompt_tokens: 0, completion_tokens: 600 } });
    const { gateway, store } = governed(upstream, { allowance: { perKey: { budgetNanoUsd: DOLLAR } }, budget: { assumedOutputTokens: 20 } });
    const { max_tokens: _, ...open } = request;
    let chunks = 0;
    for await (const _ of await gateway.chat.completions.create({ ...open, stream: true }, { principal })) chunks += 1;
    await gateway.idle();
    expect(chunks).toBe(600);
    expect([await store.total('spend:key:k'), await store.total('budget:key:k')]).toEqual([60 * CENT, 60 * CENT]);
    await gateway.close();
  });
});

describe('P11: what has no price is not free', () => {
  const unpriced = () => [{ name: 'gpt', deployments: [{ id: 'd', provider: 'scripted', model: 'm', baseUrl: upstream.baseUrl }] }];

  test('with a budget in force it is refused, and nothing is asked upstream', async () => {
    const { gateway } = governed(upstream, { models: unpriced(), allowance: { gateway: { budgetNanoUsd: DOLLAR } } });
    await expect(gateway.chat.completions.create(request, { principal })).rejects.toMatchObject({
      code: 'model_unpriced',
      status: 400,
      message: expect.stringContaining("'m', which may answer for 'gpt'"),
    });
    expect(upstream.calls).toBe(0);
    await gateway.close();
  });

  test('nor may it come to answer as a fallback', async () => {
    const models = [group('gpt', upstream, { fallbacks: ['spare'] }), { ...unpriced()[0], name: 'spare' }] as NonNullable<GatewayOptions['models']>;
    const { gateway } = governed(upstream, { models, allowance: { gateway: { budgetNanoUsd: DOLLAR } } });
    await expect(gateway.chat.completions.create(request, { principal })).rejects.toMatchObject({ code: 'model_unpriced' });
    await gateway.chat.completions.create(request, { principal: { ...principal, models: ['gpt'] } });
    await gateway.close();
  });

  test('it is called when the configuration says so, or when no budget asks', async () => {
    for (const options of [{ allowance: { gateway: { budgetNanoUsd: DOLLAR } }, budget: { unpriced: 'allow' as const } }, {}]) {
      const { gateway, store } = governed(upstream, { models: unpriced(), ...options });
      await gateway.chat.completions.create(request, { principal });
      await gateway.idle();
      expect(await store.total('budget:gateway:')).toBe(0);
      await gateway.close();
    }
  });

  test('an answer without usage is charged by its text', async () => {
    upstream.script = ({ res }) => {
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'x'.repeat(36) }, finish_reason: 'stop' }] }));
    };
    const { gateway, store } = governed(upstream);
    await gateway.chat.completions.create(request, { principal });
    await gateway.idle();
    expect(await store.total('spend:key:k')).toBeGreaterThanOrEqual(0.9 * CENT);
    await gateway.close();
  });
});

describe('what the caller is told', () => {
  test('the refusal names the budget, what is left and what was asked', async () => {
    const { gateway } = governed(upstream, { allowance: { perKey: { budgetNanoUsd: 1.5 * CENT } } });
    await gateway.chat.completions.create(request, { principal });
    const error = await gateway.chat.completions.create(request, { principal }).catch((thrown: unknown) => thrown as GatewayError);
    expect(error).toMatchObject({ status: 402, wireType: 'budget_exceeded' });
    expect((error as GatewayError).message).toMatch(
      /^The budget of this key of \$0\.015 has \$0\.00499999 left, and this call may cost up to \$0\.0100000\d+\. A lower max_tokens asks for less\.$/,
    );
    await gateway.close();
  });

  test('by HTTP: 402, no retry, and the spend of the key with every complete answer', async () => {
    const { gateway } = governed(upstream, { keys: [{ id: 'k', key: 'sk-k', budgetNanoUsd: 2.5 * CENT }] });
    const ask = () =>
      gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: 'Bearer sk-k' }, body: JSON.stringify(request) });
    const spends: (string | null)[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { status, headers } = await ask();
      expect([status, headers.get('x-sluice-response-cost')]).toEqual([200, '0.01000001']);
      spends.push(headers.get('x-sluice-key-spend'));
    }
    expect(spends).toEqual(['0.01000001', '0.02000002']);
    const { status, headers } = await ask();
    expect([status, headers.get('x-should-retry'), headers.get('retry-after')]).toEqual([402, 'false', null]);
    await gateway.close();
  });
});

describe('a store that cannot be reached', () => {
  test('closes the gateway to calls with a budget', async () => {
    const { gateway } = governed(upstream, { store: deadStore(), allowance: { perKey: { budgetNanoUsd: DOLLAR } } });
    await expect(gateway.chat.completions.create(request, { principal })).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
    expect(upstream.calls).toBe(0);
    await gateway.close();
  });

  test('lets them pass when the configuration says so', async () => {
    const { gateway } = governed(upstream, {
      store: deadStore(),
      onStoreError: 'open',
      allowance: { perKey: { budgetNanoUsd: DOLLAR }, gateway: { limits: { requestsPerMinute: 1 } } },
      onError: () => undefined,
    });
    for (let count = 0; count < 3; count += 1) await gateway.chat.completions.create(request, { principal });
    await gateway.close();
  });

  test('does not concern calls without a budget, but is reported when their spend cannot be kept', async () => {
    const reported: unknown[] = [];
    const { gateway } = governed(upstream, { store: deadStore(), onError: (error) => reported.push(error) });
    await gateway.chat.completions.create(request, { principal });
    await gateway.idle();
    expect(reported).toEqual([expect.objectContaining({ message: 'ECONNREFUSED' })]);
    await gateway.close();
  });
});
