import { ANSWER_TEXT, type Fault, type FaultUpstream, faultUpstream, faultlessStream, refusedUrl } from '@sluice/testing';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, group, openGateway, toTold } from './support.ts';

let upstream: FaultUpstream;

beforeAll(async () => {
  upstream = await faultUpstream();
});

beforeEach(() => upstream.reset());
afterAll(() => upstream.close());

const quick = { retries: 2, backoffMs: 1, maxBackoffMs: 2 };
const whole = { text: ANSWER_TEXT, isDone: true, error: undefined };

describe('retries', () => {
  it.each<[Fault]>([
    [{ kind: 'status', status: 500 }],
    [{ kind: 'status', status: 429 }],
    [{ kind: 'cut', at: 0, how: 'rst' }],
    [{ kind: 'cut', at: 120, how: 'fin' }],
    [{ kind: 'error-event', message: 'busy' }],
    [{ kind: 'garbage' }],
  ])('are as many as allowed: %j', async (fault) => {
    for (const retries of [0, 1, 3]) {
      upstream.reset();
      const gateway = openGateway([group('m', [upstream.urlOf(fault)])], { router: { ...quick, retries } });
      const answered = await ask(gateway, 'm');
      expect(toTold(answered).error).toMatch(/^upstream_/);
      expect(upstream.requests).toHaveLength(retries + 1);
      expect(answered.headers.get('x-sluice-attempted-retries')).toBe(String(retries));
      await gateway.close();
    }
  });

  it('end with the first answer', async () => {
    const faults: Fault[] = [{ kind: 'status', status: 503 }, { kind: 'error-event', message: 'busy' }, { kind: 'none' }];
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'sequence', id: 'a', faults })])], { router: quick });
    const answered = await ask(gateway, 'm');
    expect(toTold(answered)).toEqual(whole);
    expect(upstream.requests).toHaveLength(3);
    expect(answered.headers.get('x-sluice-attempted-retries')).toBe('2');
    await gateway.close();
  });

  it("do not follow an error that is the caller's", async () => {
    for (const status of [400, 413, 422]) {
      upstream.reset();
      const url = upstream.urlOf({ kind: 'status', status });
      const gateway = openGateway([group('m', [url, url], { fallbacks: ['n'] }), group('n', [url])], { router: quick });
      expect((await ask(gateway, 'm')).status).toBe(status);
      expect(upstream.requests).toHaveLength(1);
      await gateway.close();
    }
  });

  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
  it.each<[string, () => Record<string, string>, number, number]>([
    ['whole seconds', () => ({ 'retry-after': '1' }), 1_000, 1_100],
    ['broken seconds', () => ({ 'retry-after': '0.3' }), 300, 400],
    ['a date', () => ({ 'retry-after': inSeconds(2) }), 900, 2_200],
    ['a date that has passed', () => ({ 'retry-after': inSeconds(-60) }), 0, 100],
    ['zero', () => ({ 'retry-after': '0' }), 0, 100],
    ['a negative number', () => ({ 'retry-after': '-5' }), 0, 100],
    ['nonsense', () => ({ 'retry-after': 'soon' }), 0, 100],
    ['nothing', () => ({ 'retry-after': '' }), 0, 100],
    ['milliseconds', () => ({ 'retry-after-ms': '250' }), 250, 350],
    ['both, the precise one wins', () => ({ 'retry-after-ms': '250', 'retry-after': '30' }), 250, 350],
  ])('wait as Retry-After asks, in %s (P30)', async (_, headers, atLeastMs, atMostMs) => {
    const faults: Fault[] = [{ kind: 'status', status: 429, headers: headers() }, { kind: 'none' }];
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'sequence', id: 'r', faults })])], { router: quick });
    expect(toTold(await ask(gateway, 'm'))).toEqual(whole);
    const [first, second] = upstream.requests;
    const waitedMs = (second?.receivedAt ?? 0) - (first?.receivedAt ?? 0);
    // Timers of Node may fire a millisecond early, and a busy machine makes any wait longer.
    expect(waitedMs).toBeGreaterThanOrEqual(atLeastMs - 2);
    expect(waitedMs).toBeLessThan(atMostMs + 1_500);
    await gateway.close();
  });

  it.each([
    ['seconds', () => ({ 'retry-after': '90' })],
    ['a date', () => ({ 'retry-after': inSeconds(90) })],
    ['milliseconds', () => ({ 'retry-after-ms': '90000' })],
  ])('do not hold a caller longer than a minute, and pass the time on: %s (P30)', async (_, headers) => {
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'status', status: 429, headers: headers() })])], { router: quick });
    const answered = await ask(gateway, 'm');
    expect(answered.status).toBe(429);
    expect(upstream.requests).toHaveLength(1);
    expect(Number(answered.headers.get('retry-after'))).toBeGreaterThan(85);
    expect(Number(answered.headers.get('retry-after'))).toBeLessThanOrEqual(90);
    await gateway.close();
  });
});

describe('failover', () => {
  it('hides a dead deployment behind a healthy one (P26)', async () => {
    const dead = [await refusedUrl(), upstream.urlOf({ kind: 'cut', at: 0, how: 'rst' }), upstream.urlOf({ kind: 'status', status: 503 })];
    for (const url of dead) {
      const gateway = openGateway([group('m', [url, upstream.urlOf({ kind: 'none' })])]);
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask(gateway, 'm')));
      expect(answers.map(toTold)).toEqual(answers.map(() => whole));
      // Once it is known to be dead, nobody is sent there for a while.
      const after = await Promise.all(Array.from({ length: 20 }, () => ask(gateway, 'm')));
      expect(after.map(({ headers }) => headers.get('x-sluice-attempted-retries'))).toEqual(after.map(() => '0'));
      await gateway.close();
    }
  });

  it('goes to the fallback, and says in the headers that it did', async () => {
    const gateway = openGateway(
      [group('m', [upstream.urlOf({ kind: 'status', status: 500 })], { fallbacks: ['n'] }), group('n', [upstream.urlOf({ kind: 'none' })])],
      { router: { ...quick, retries: 1 } },
    );
    const { status, headers } = await ask(gateway, 'm', { stream: false });
    expect(status).toBe(200);
    expect([headers.get('x-sluice-model-group'), headers.get('x-sluice-attempted-retries'), headers.get('x-sluice-attempted-fallbacks')]).toEqual([
      'n',
      '1',
      '1',
    ]);
    await gateway.close();
  });

  it('repeats nothing once a byte is visible, wherever the stream breaks (P29)', async () => {
    const bytes = faultlessStream();
    const healthy = upstream.urlOf({ kind: 'none' });
    const offsets = Array.from({ length: Math.ceil(bytes.length / 9) }, (_, index) => index * 9);
    const models = offsets.map((at) => group(`at-${at}`, [upstream.urlOf({ kind: 'cut', at, how: at % 2 === 0 ? 'fin' : 'rst' })], { fallbacks: ['healthy'] }));
    const gateway = openGateway([...models, group('healthy', [healthy])], { router: { ...quick, retries: 0 } });
    const seen = { failedOver: 0, broken: 0 };
    for (const at of offsets) {
      const answered = await ask(gateway, `at-${at}`);
      const told = toTold(answered);
      if (answered.headers.get('x-sluice-attempted-fallbacks') === '1') {
        expect([at, told]).toEqual([at, whole]);
        seen.failedOver += 1;
      } else if (told.error !== undefined) {
        expect([at, told.isDone, ANSWER_TEXT.startsWith(told.text)]).toEqual([at, false, true]);
        seen.broken += 1;
      } else {
        expect([at, told]).toEqual([at, whole]);
      }
    }
    expect(seen.failedOver).toBeGreaterThan(10);
    expect(seen.broken).toBeGreaterThan(10);
    await gateway.close();
  }, 60_000);
});
