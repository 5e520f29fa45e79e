import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { Breaker, type BreakerOptions } from './breaker.ts';

function make(options: BreakerOptions = {}): { breaker: Breaker; pass(ms: number): void; fail(code?: ErrorCode, retryAfterMs?: number): number | undefined } {
  let now = 0;
  const breaker = new Breaker(() => now);
  return {
    breaker,
    pass: (ms) => void (now += ms),
    fail: (code = 'upstream_unreachable', retryAfterMs) =>
      breaker.failed(new GatewayError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs }), options),
  };
}

const never = () => 0.999;
const always = () => 0;

describe('Breaker', () => {
  it('bears so many failures of a kind as were said for it, each kind by itself', () => {
    const { breaker, pass, fail } = make({ allowedFailsFor: { rateLimit: 2, contentPolicy: 0 } });
    fail('upstream_rate_limited');
    fail('upstream_rate_limited');
    expect(breaker.state).toBe('closed');
    fail('upstream_rate_limited');
    expect(breaker.state).toBe('open');
    pass(5_000);
    breaker.begin();
    breaker.succeeded();
    fail('upstream_bad_request');
    expect(breaker.state).toBe('ramping');
    fail('content_policy_violation');
    expect(breaker.state).toBe('open');
  });

  it('opens, lets one call a second find out, and ramps up', () => {
    const { breaker, pass, fail } = make();
    expect(breaker.state).toBe('closed');
    fail();
    expect([breaker.state, breaker.isReady(always)]).toEqual(['open', false]);
    pass(5_000);
    expect([breaker.state, breaker.isReady(never)]).toEqual(['half-open', true]);
    breaker.begin();
    expect(breaker.isReady(always)).toBe(false);
    pass(1_000);
    expect(breaker.isReady(always)).toBe(true);
    breaker.succeeded();
    expect([breaker.state, breaker.isReady(never), breaker.isReady(always)]).toEqual(['ramping', false, true]);
    pass(5_000);
    expect([breaker.isReady(() => 0.5), breaker.isReady(() => 0.6)]).toEqual([true, false]);
    pass(5_000);
    expect([breaker.state, breaker.isReady(never)]).toEqual(['closed', true]);
  });

  it('stays away twice as long each time that it was not back yet, up to a minute', () => {
    const { breaker, pass, fail } = make();
    const waits = Array.from({ length: 6 }, () => {
      const before = breaker.until;
      const until = fail() ?? 0;
      pass(until - Math.max(before, 0));
      return until - before;
    });
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('keeps the longer of two deadlines (P32)', () => {
    const { breaker, pass, fail } = make();
    fail('upstream_rate_limited', 30_000);
    pass(1_000);
    fail('upstream_rate_limited', 2_000);
    expect(breaker.until).toBe(30_000);
    expect(breaker.openUntil(20_000)).toBe(false);
    expect(breaker.openUntil(40_000)).toBe(true);
    expect(breaker.until).toBe(40_000);
  });

  it('bears single errors of the server, and leaves when most calls fail', () => {
    const { breaker, fail } = make();
    for (let index = 0; index < 4; index += 1) fail('upstream_error');
    expect(breaker.state).toBe('closed');
    fail('upstream_error');
    expect(breaker.state).toBe('open');
    const mixed = make();
    for (let index = 0; index < 30; index += 1) {
      mixed.breaker.succeeded();
      if (index % 3 === 0) mixed.fail('upstream_error');
    }
    expect(mixed.breaker.state).toBe('closed');
  });

  it('goes by the failures it was told to bear, and not at all with a cooldown of 0', () => {
    const { breaker, fail } = make({ allowedFails: 2 });
    fail();
    fail();
    expect(breaker.state).toBe('closed');
    fail();
    expect(breaker.state).toBe('open');
    const off = make({ cooldownMs: 0 });
    off.fail();
    expect(off.breaker.state).toBe('closed');
  });

  it('takes nothing that the request was at fault for', () => {
    const { breaker, fail } = make();
    for (const code of ['upstream_bad_request', 'content_policy_violation', 'context_length_exceeded'] as const)
      for (let index = 0; index < 20; index += 1) fail(code);
    expect(breaker.state).toBe('closed');
  });
});
