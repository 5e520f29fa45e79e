import { GatewayError, type Principal } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CENT, governed, group, request } from './support/gateway.ts';
import { after, answer, startUpstream, stream, type Upstream } from './support/upstream.ts';

const FREE_INPUT = { input: 0, output: 1_000_000_000_000 };
const key: Principal = { keyId: 'k' };
let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream(answer());
});
afterAll(() => upstream.close());

describe('P01: a budget is never exceeded by admission', () => {
  test('of 10,000 calls of a cent at once against a dollar exactly 100 succeed', async () => {
    upstream.script = after(200, answer());
    upstream.calls = 0;
    const { gateway, store } = governed(upstream, { models: [group('gpt', upstream, { price: FREE_INPUT })], budget: { perKeyNanoUsd: 100 * CENT } });
    const outcomes = await Promise.allSettled(Array.from({ length: 10_000 }, () => gateway.chat.completions.create(request, { principal: key })));
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as GatewayError);
    await gateway.idle();

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    expect(new Set(refusals.map(({ code, status }) => `${status} ${code}`))).toEqual(new Set(['402 budget_exceeded']));
    expect(upstream.calls).toBe(100);
    expect(await store.total('spend:key:k')).toBe(100 * CENT);
    expect(await store.total('budget:key:k')).toBe(100 * CENT);
    await gateway.close();
  });
});
