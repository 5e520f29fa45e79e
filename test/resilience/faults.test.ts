import { ANSWER_TEXT, type Fault, type FaultUpstream, faultUpstream, refusedUrl } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, group, openGateway, toTold } from './support.ts';

let upstream: FaultUpstream;

beforeAll(async () => {
  upstream = await faultUpstream();
});

afterAll(() => upstream.close());

/** Generous: only a wait without a deadline takes longer. */
const NEVER_MS = 5_000;
const impatient = { router: { retries: 0 }, timeoutMs: 300, idleTimeoutMs: 300, maxAnswerBytes: 1024 * 1024 };

describe('every fault is told as an error, in time (P20, P24)', () => {
  it.each<[Fault, boolean, string]>([
    [{ kind: 'silent' }, true, 'upstream_timeout'],
    [{ kind: 'silent' }, false, 'upstream_timeout'],
    [{ kind: 'stall', at: 40 }, true, 'upstream_timeout'],
    [{ kind: 'stall', at: 150 }, true, 'upstream_timeout'],
    [{ kind: 'stall', at: 700 }, true, 'upstream_timeout'],
    [{ kind: 'stall', at: 250 }, false, 'upstream_timeout'],
    [{ kind: 'bad-chunk' }, true, 'upstream_stream_broken'],
    [{ kind: 'huge-event', bytes: 17 * 1024 * 1024 }, true, 'upstream_invalid_answer'],
    [{ kind: 'garbage' }, true, 'upstream_unreachable'],
    [{ kind: 'no-json' }, true, 'upstream_invalid_answer'],
    [{ kind: 'wrong-length', by: 10 }, false, 'upstream_stream_broken'],
    [{ kind: 'wrong-length', by: -10 }, false, 'upstream_invalid_answer'],
    [{ kind: 'cut', at: 300, how: 'fin' }, false, 'upstream_stream_broken'],
    [{ kind: 'cut', at: 0, how: 'rst' }, false, 'upstream_unreachable'],
    [{ kind: 'error-event', message: 'overloaded' }, true, 'upstream_overloaded'],
    [{ kind: 'status', status: 500 }, true, 'upstream_error'],
    [{ kind: 'status', status: 503 }, true, 'upstream_overloaded'],
    [{ kind: 'status', status: 404 }, true, 'upstream_not_found'],
    [{ kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } }, true, 'upstream_error'],
  ])('%j (stream: %s): %s', async (fault, stream, code) => {
    const gateway = openGateway([group('m', [upstream.urlOf(fault)])], impatient);
    const startedAt = performance.now();
    const told = toTold(await ask(gateway, 'm', { stream }));
    expect(told).toMatchObject({ isDone: false, error: code });
    expect(ANSWER_TEXT.startsWith(told.text)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(NEVER_MS);
    await gateway.close();
  });

  it('tells a refused connection at once', async () => {
    const gateway = openGateway([group('m', [await refusedUrl()])], impatient);
    expect(toTold(await ask(gateway, 'm')).error).toBe('upstream_unreachable');
    await gateway.close();
  });

  it('reads a stream that comes byte by byte', async () => {
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'drip', everyMs: 1 })])], impatient);
    expect(toTold(await ask(gateway, 'm'))).toEqual({ text: ANSWER_TEXT, isDone: true, error: undefined });
    await gateway.close();
  }, 30_000);

  it('leaves no connection open that hangs (P24)', async () => {
    upstream.reset();
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'silent' })])], impatient);
    await Promise.all(Array.from({ length: 20 }, () => ask(gateway, 'm')));
    expect(upstream.requests).toHaveLength(20);
    await until(() => upstream.requests.every(({ closedAt }) => closedAt !== undefined));
    await gateway.close();
  });
});

describe('a caller who leaves (P19)', () => {
  it.each<[string, Fault]>([
    ['before the answer', { kind: 'silent' }],
    ['inside the stream', { kind: 'stall', at: 900 }],
  ])('%s, closes the connection to the provider', async (_, fault) => {
    upstream.reset();
    const gateway = openGateway([group('m', [upstream.urlOf(fault)])]);
    const controllers = Array.from({ length: 30 }, () => new AbortController());
    const asked = controllers.map(({ signal }) => ask(gateway, 'm', { signal }).catch(() => 'left'));
    await until(() => upstream.requests.length === controllers.length);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const leftAt = performance.now();
    for (const controller of controllers) controller.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['left']));
    await until(() => upstream.requests.every(({ closedAt }) => closedAt !== undefined));
    // The promise is 100 ms at the 99th percentile; this machine may be busy.
    for (const { closedAt } of upstream.requests) expect((closedAt ?? Number.POSITIVE_INFINITY) - leftAt).toBeLessThan(1_000);
    await gateway.idle();
    await gateway.close();
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + NEVER_MS; performance.now() < endsAt; ) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(isTrue()).toBe(true);
}
