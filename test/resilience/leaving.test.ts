import type { Gateway, ModelGroup, RouterOptions } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Pace, type PacedUpstream, pacedUpstream } from './paced-upstream.ts';
import { ask, group, openGateway, toTold } from './support.ts';

const CALLERS = 12;

let first: PacedUpstream;
let second: PacedUpstream;
let gateway: Gateway;

beforeEach(async () => {
  [first, second] = [await pacedUpstream(), await pacedUpstream()];
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([first.close(), second.close()]);
});

function open(models: readonly ModelGroup[], router: RouterOptions = {}): void {
  gateway = openGateway(models, { router });
}

/** Callers who leave at the same time, each in the middle of a call; answers how long it took the providers to see it, in order. */
async function leave({ stream = true, isThere }: { readonly stream?: boolean; readonly isThere: () => boolean }): Promise<readonly number[]> {
  const controllers = Array.from({ length: CALLERS }, () => new AbortController());
  const asked = controllers.map(({ signal }) => ask(gateway, 'm', { stream, signal }).catch(() => 'left'));
  await until(isThere);
  const open = [...first.requests, ...second.requests].filter(({ closedAt }) => closedAt === undefined);
  const leftAt = performance.now();
  for (const controller of controllers) controller.abort();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['left']));
  await gateway.idle();
  await until(() => open.every(({ closedAt }) => closedAt !== undefined));
  return open.map(({ closedAt = Infinity }) => closedAt - leftAt).sort((a, b) => a - b);
}

/** The promise is 100 ms; half of them on a machine that may be busy, and all of them soon. */
function expectSoon(took: readonly number[], count: number): void {
  expect(took).toHaveLength(count);
  expect(took[Math.floor(took.length / 2)]).toBeLessThan(100);
  expect(took.at(-1)).toBeLessThan(1_000);
}

describe('a caller who leaves cancels upstream (P19)', () => {
  it.each<[phase: string, pace: Pace, stream: boolean]>([
    ['before the head of a stream', { headAfterMs: 20_000 }, true],
    ['before its first token', { firstTokenAfterMs: 20_000 }, true],
    ['in the middle of it', { words: ['one '], end: 'hang' }, true],
    ['before an answer that is no stream', { headAfterMs: 20_000 }, false],
  ])('%s', async (_, pace, stream) => {
    first.pace = pace;
    open([group('m', [first.url])]);
    expectSoon(await leave({ stream, isThere: () => first.requests.length === CALLERS }), CALLERS);
    expect(first.requests).toHaveLength(CALLERS);
  });

  it('while a hedge runs: both', async () => {
    open([{ ...group('m', [first.url, second.url]), hedge: { minDelayMs: 20, maxPercent: 100 } }], { retries: 0 });
    for (let call = 0; call < 40; call += 1) expect(toTold(await ask(gateway, 'm')).isDone).toBe(true);
    for (const upstream of [first, second]) {
      upstream.requests.length = 0;
      upstream.pace = { firstTokenAfterMs: 20_000 };
    }
    // As many hedges as are in hand.
    const took = await leave({ isThere: () => first.requests.length + second.requests.length >= CALLERS + 10 });
    expectSoon(took, first.requests.length + second.requests.length);
  });

  it('while models race: all of them', async () => {
    open([group('a', [first.url]), group('b', [second.url])]);
    [first.pace, second.pace] = [{ headAfterMs: 20_000 }, { firstTokenAfterMs: 20_000 }];
    const leaver = new AbortController();
    const asked = gateway
      .fetch('http://sluice/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'a,b', fastest_response: true, stream: true, messages: [{ role: 'user', content: 'Say it' }] }),
        signal: leaver.signal,
      })
      .catch(() => 'left');
    await until(() => first.requests.length + second.requests.length === 2);
    const leftAt = performance.now();
    leaver.abort();
    expect(await asked).toBe('left');
    await until(() => [...first.requests, ...second.requests].every(({ closedAt }) => closedAt !== undefined));
    expect(performance.now() - leftAt).toBeLessThan(1_000);
  });

  it('while it waits for another try: nothing more is asked', async () => {
    first.pace = { status: 503 };
    open([group('m', [first.url])], { retries: 3, backoffMs: 2_000_000, maxBackoffMs: 2_000_000 });
    const leftAt = performance.now();
    await leave({ isThere: () => first.requests.length === CALLERS });
    expect(performance.now() - leftAt).toBeLessThan(3_000);
    expect(first.requests).toHaveLength(CALLERS);
  });

  it('while it waits for a place: it is never asked', async () => {
    first.pace = { headAfterMs: 1_500 };
    const [only] = group('m', [first.url]).deployments;
    if (!only) throw new Error('no deployment');
    open([{ name: 'm', deployments: [{ ...only, parallelCalls: 1 }] }]);
    const whole = ask(gateway, 'm');
    await until(() => first.requests.length === 1);
    const controllers = Array.from({ length: CALLERS }, () => new AbortController());
    const waiting = controllers.map(({ signal }) => ask(gateway, 'm', { signal }).catch(() => 'left'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const leftAt = performance.now();
    for (const controller of controllers) controller.abort();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['left']));
    expect(performance.now() - leftAt).toBeLessThan(500);
    expect(toTold(await whole)).toMatchObject({ isDone: true });
    expect(first.requests).toHaveLength(1);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 5_000; !isTrue() && performance.now() < endsAt; ) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}
