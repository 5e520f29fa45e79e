import { type GatewayError, type Limits, memoryStore, type Policy, type Principal } from '@sluice/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { governed, request } from './support/gateway.ts';
import { deadStore, slowStore } from './support/slow-store.ts';
import { after, answer, fail, startUpstream, stream, type Upstream } from './support/upstream.ts';

const MINUTE = 60_000;
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream(answer());
});
beforeEach(() => {
  upstream.script = answer();
  upstream.calls = 0;
  upstream.peak = 0;
});
afterAll(() => upstream.close());

/** A gateway whose store has a clock of its own. */
function clocked(limits: Limits, more: object = {}) {
  let now = Date.UTC(2026, 0, 1);
  const made = governed(upstream, { allowance: { perKey: { limits } }, store: memoryStore({ now: () => now }), ...more });
  const call = (keyId = 'k', fields: object = {}, options: object = {}) =>
    made.gateway.chat.completions.create({ ...request, ...fields }, { principal: { keyId }, ...options });
  return {
    ...made,
    call,
    refusal: (keyId?: string, fields?: object) =>
      call(keyId, fields).then(
        () => undefined,
        (error: unknown) => error as GatewayError,
      ),
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describe('P14: requests a minute hold, in every minute', () => {
  test('of 1,000 calls at once exactly as many pass as are allowed', async () => {
    const { gateway, call } = clocked({ requestsPerMinute: 60 });
    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, () => call()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
    expect(upstream.calls).toBe(60);
    await gateway.close();
  });

  test('and over a store that answers by promise', async () => {
    const { gateway, call } = clocked({ requestsPerMinute: 60 }, { store: slowStore() });
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, () => call()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
    await gateway.close();
  });

  test('a burst at the end of one minute counts in the next', async () => {
    const { gateway, call, advance, refusal } = clocked({ requestsPerMinute: 2 });
    advance(59_900);
    await call();
    await call();
    advance(200);
    expect(await refusal()).toMatchObject({ code: 'rate_limited', status: 429 });
    advance(MINUTE);
    await call();
    await gateway.close();
  });

  test('the time that is named is true', async () => {
    const { gateway, call, advance, refusal } = clocked({ requestsPerMinute: 2 });
    await call();
    advance(20_000);
    await call();
    const { retryAfterMs = 0 } = (await refusal()) as GatewayError;
    expect(retryAfterMs).toBe(40_000);
    advance(retryAfterMs - 1);
    expect(await refusal()).toMatchObject({ retryAfterMs: 1 });
    advance(1);
    await call();
    await gateway.close();
  });

  test('a limit of none lets nobody pass', async () => {
    const { gateway, refusal } = clocked({ requestsPerMinute: 0 });
    const error = (await refusal()) as GatewayError;
    expect([error.retryAfterMs, error.headers?.['x-should-retry']]).toEqual([undefined, 'false']);
    await gateway.close();
  });
});

describe('P15: tokens a minute hold by reservation', () => {
  test.each([5, 50, 500])('of %i calls at once no more pass than fit', async (calls) => {
    upstream.script = after(50, answer({ prompt_tokens: 10, completion_tokens: 10 }));
    const { gateway, call, store } = clocked({ tokensPerMinute: 1000 });
    await Promise.allSettled(Array.from({ length: calls }, () => call()));
    await gateway.idle();
    expect(await store.total('tokens:key:k', MINUTE)).toBeLessThanOrEqual(1000 + 20);
    await gateway.close();
  });

  test('nor when nobody limits the output', async () => {
    upstream.script = after(50, answer({ prompt_tokens: 10, completion_tokens: 500 }));
    const { gateway, call, store } = clocked({ tokensPerMinute: 5000 });
    await Promise.allSettled(Array.from({ length: 100 }, () => call('k', { max_tokens: undefined })));
    await gateway.idle();
    expect(await store.total('tokens:key:k', MINUTE)).toBeLessThanOrEqual(5000 + 510);
    await gateway.close();
  });

  test('what was reserved and not used is free at once', async () => {
    upstream.script = answer({ prompt_tokens: 1, completion_tokens: 1 });
    const { gateway, call, store } = clocked({ tokensPerMinute: 1000 });
    for (let count = 0; count < 10; count += 1) await call('k', { max_tokens: 900 });
    await gateway.idle();
    expect(await store.total('tokens:key:k', MINUTE)).toBe(20);
    await gateway.close();
  });

  test('a call whose output could be more than the limit passes alone, and counts with what it used', async () => {
    upstream.script = answer({ prompt_tokens: 10, completion_tokens: 5000 });
    const { gateway, call, refusal, advance } = clocked({ tokensPerMinute: 100 });
    await call('k', { max_tokens: 8000 });
    await gateway.idle();
    expect(((await refusal()) as GatewayError).message).toBe(
      'The limit of this key of 100 tokens a minute is reached: 5010 are taken, and this call needs about 24. Try again in 1m0s.',
    );
    advance(MINUTE);
    await call();
    await gateway.close();
  });

  test('a call whose input alone is over the limit never passes', async () => {
    const { gateway, refusal } = clocked({ tokensPerMinute: 100 });
    const error = (await refusal('k', { messages: [{ role: 'user', content: 'x'.repeat(1000) }] })) as GatewayError;
    expect(error.message).toContain('It can never fit.');
    expect(upstream.calls).toBe(0);
    await gateway.close();
  });
});

describe('P16: calls at the same time', () => {
  test('never exceed the limit, whether they end well or are left, and all places are free in the end', async () => {
    upstream.script = stream({ chunks: 5, everyMs: 1 });
    const { gateway, call, store } = clocked({ parallelCalls: 8 });
    let refusals = 0;
    async function untilAdmitted(): Promise<AsyncIterable<unknown>> {
      for (;;) {
        try {
          return (await call('k', { stream: true })) as unknown as AsyncIterable<unknown>;
        } catch (error) {
          expect(error).toMatchObject({ code: 'rate_limited' });
          refusals += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    }
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const chunks = await untilAdmitted();
        for await (const _ of chunks) if (index % 2 === 0) break;
      }),
    );
    await gateway.idle();
    expect(refusals).toBeGreaterThan(0);
    expect(upstream.calls).toBe(200);
    expect(upstream.peak).toBe(8);
    expect(await store.total('parallel:key:k')).toBe(0);
    await gateway.close();
  });

  test('a stream holds its place until its end', async () => {
    upstream.script = stream({ chunks: 3 });
    const { gateway, call, refusal } = clocked({ parallelCalls: 1 });
    const chunks = (await call('k', { stream: true })) as unknown as AsyncIterable<unknown>;
    const error = (await refusal()) as GatewayError;
    expect(error.message).toBe('The limit of this key of 1 calls at the same time is reached: 1 are taken.');
    for await (const _ of chunks);
    await gateway.idle();
    upstream.script = answer();
    await call();
    await gateway.close();
  });
});

describe('P17: a refused call burns nothing', () => {
  test('of the other limits, whichever refuses', async () => {
    for (const limits of [{ requestsPerMinute: 0 }, { tokensPerMinute: 0 }, { parallelCalls: 0 }]) {
      const { gateway, store, refusal } = clocked(
        { requestsPerMinute: 9, tokensPerMinute: 999, parallelCalls: 9 },
        { allowance: { perKey: { limits: { requestsPerMinute: 9, tokensPerMinute: 999, parallelCalls: 9 } }, gateway: { limits } } },
      );
      expect((await refusal())?.message).toContain('of the whole gateway');
      await gateway.idle();
      expect([await store.total('requests:key:k', MINUTE), await store.total('tokens:key:k', MINUTE), await store.total('parallel:key:k')]).toEqual([0, 0, 0]);
      await gateway.close();
    }
  });

  test('but a call that failed upstream was a request', async () => {
    upstream.script = fail(400);
    const { gateway, store, refusal } = clocked({ requestsPerMinute: 9, tokensPerMinute: 999 });
    await refusal();
    await gateway.idle();
    expect([await store.total('requests:key:k', MINUTE), await store.total('tokens:key:k', MINUTE)]).toEqual([1, 0]);
    await gateway.close();
  });
});

describe('whose limits', () => {
  test('keys do not share theirs, and one of its own goes before the default', async () => {
    const { gateway, refusal } = clocked({ requestsPerMinute: 1 });
    const own: Principal = { keyId: 'own', limits: { requestsPerMinute: 2 } };
    expect(await refusal('a')).toBeUndefined();
    expect(await refusal('b')).toBeUndefined();
    expect((await refusal('a'))?.code).toBe('rate_limited');
    for (let count = 0; count < 2; count += 1) await gateway.chat.completions.create(request, { principal: own });
    await expect(gateway.chat.completions.create(request, { principal: own })).rejects.toMatchObject({ code: 'rate_limited' });
    await gateway.close();
  });

  test('an address has its own, for all who come by it', async () => {
    const { gateway, call } = clocked({});
    const policy: Policy = { name: 'support', limits: { requestsPerMinute: 1 } };
    await call('a', {}, { policy });
    await expect(call('b', {}, { policy })).rejects.toMatchObject({ message: expect.stringContaining('of this address') });
    await call('b', {}, { policy: { ...policy, name: 'sales' } });
    await call('b');
    await gateway.close();
  });
});

describe('what the caller is told', () => {
  const headersOf = (response: Response) =>
    Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-ratelimit') || name.startsWith('retry')));

  test('what is left with every answer, and when to come back with a refusal', async () => {
    const { gateway, advance } = clocked(
      {},
      {
        keys: [{ id: 'k', key: 'sk-k', limits: { requestsPerMinute: 2, tokensPerMinute: 1000 } }],
        allowance: { gateway: { limits: { requestsPerMinute: 100, tokensPerMinute: 500 } } },
      },
    );
    const ask = () =>
      gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: 'Bearer sk-k' }, body: JSON.stringify(request) });
    expect(headersOf(await ask())).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-limit-tokens': '500',
      'x-ratelimit-remaining-tokens': '476',
      'x-ratelimit-reset-tokens': '1m0s',
    });
    advance(1500);
    await ask();
    advance(2000);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(headersOf(refused)).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '56.5s',
      'retry-after': '57',
      'retry-after-ms': '56500',
    });
    expect(await refused.json()).toMatchObject({
      error: {
        type: 'rate_limit_error',
        code: 'rate_limited',
        message: 'The limit of this key of 2 requests a minute is reached: 2 are taken. Try again in 56.5s.',
      },
    });
    await gateway.close();
  });
});

test('a store that cannot be reached closes the gateway to calls with limits', async () => {
  const { gateway, refusal } = clocked({ requestsPerMinute: 5 }, { store: deadStore() });
  expect(await refusal()).toMatchObject({ code: 'store_unavailable', status: 503 });
  expect(upstream.calls).toBe(0);
  await gateway.close();
});
