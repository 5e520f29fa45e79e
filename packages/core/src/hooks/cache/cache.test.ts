import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { Operation, Reply } from '../../types/call.ts';
import type { Principal } from '../../types/principal.ts';
import type { JsonObject } from '../../types/json.ts';
import { callOf, complete, type Ran, runHook, streamOf } from '../hook-bench.test.support.ts';
import { cache, type CacheOptions } from './cache.ts';
import { cacheKey } from './cache-key.ts';

const ANSWER = { id: 'chatcmpl-1', choices: [{ index: 0, message: { role: 'assistant', content: 'hello' } }] };
const CHUNKS = [
  [
    { id: 'x', choices: [{ delta: { content: 'hel' } }] },
    { id: 'x', choices: [{ delta: { content: 'lo' } }] },
  ],
  [{ id: 'x', choices: [] }],
];

/** A cache with an upstream that counts its calls. */
function cached(options: Partial<CacheOptions> = {}, answer: () => Reply = () => complete(ANSWER)) {
  const reports: unknown[] = [];
  const hook = cache({ store: memoryStore(), onError: (error) => reports.push(error), ...options });
  const state = { calls: 0, requests: [] as unknown[] };
  async function ask(request: JsonObject = {}, init: Parameters<typeof callOf>[1] = {}) {
    const ctx = callOf(request, init);
    const ran: Ran = await runHook(hook, ctx, () => {
      state.calls += 1;
      state.requests.push(ctx.request);
      ctx.group = 'group-1';
      ctx.usage = { inputTokens: 5, outputTokens: 7 };
      ctx.costNanoUsd = 900;
      return answer();
    });
    return { ...ran, ctx };
  }
  return { ask, state, reports };
}

describe('the cache', () => {
  it('answers the same request again, at no cost and with its usage', async () => {
    const { ask, state } = cached();
    const first = await ask({ temperature: 0.3 });
    expect(first.ctx).toMatchObject({ cacheStatus: 'miss', costNanoUsd: 900 });
    const second = await ask({ temperature: 0.3 });
    expect(second.body).toEqual(ANSWER);
    expect(second.ctx).toMatchObject({ cacheStatus: 'hit', costNanoUsd: 0, usage: { inputTokens: 5, outputTokens: 7 }, group: 'group-1' });
    expect(second.ctx.firstByteAt).toBeDefined();
    expect(state.calls).toBe(1);
  });

  it('replays a stream, event by event, and keeps it apart from a complete answer', async () => {
    const { ask, state } = cached({}, () => streamOf(CHUNKS));
    await ask({ stream: true });
    expect((await ask({ stream: true, stream_options: { include_usage: true } })).events).toEqual(CHUNKS.flat());
    expect(state.calls).toBe(1);
    await ask({ stream: false });
    expect(state.calls).toBe(2);
  });

  it('never shows one tenant what another was answered (P58)', async () => {
    const { ask, state } = cached();
    const principals: (Principal | undefined)[] = [
      undefined,
      { keyId: 'a' },
      { keyId: 'b' },
      { keyId: 'a', teamId: 'a' },
      { keyId: 'a', teamId: 'b' },
      { keyId: 'a', teamId: 'b', organizationId: 'o' },
      { keyId: 'a', organizationId: 'o' },
    ];
    for (const principal of principals) await ask({}, { principal });
    expect(state.calls).toBe(principals.length);
    await ask({}, { principal: { keyId: 'another', teamId: 'b' } });
    expect(state.calls).toBe(principals.length);
  });

  it('tells every parameter apart, known or not, whatever the order of the fields (P58)', () => {
    const json = fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)] });
    void fc.assert(
      fc.property(json, json, (one, other) => {
        const key = (request: object, operation: Operation = 'chat') => cacheKey(callOf({ ...request, model: 'm' }, { operation }), undefined);
        const kept = ({ stream: _s, stream_options: _o, cache: _c, model: _m, ...rest }: Record<string, unknown>) => rest;
        expect(key(one) === key(other)).toBe(
          JSON.stringify(sorted(kept(one))) === JSON.stringify(sorted(kept(other))) && (one.stream === true) === (other.stream === true),
        );
        expect(key(one)).toBe(key(Object.fromEntries(Object.entries(one).reverse())));
        expect(key(one)).not.toBe(key(one, 'completions'));
      }),
    );
  });

  it('tells halves of characters apart, and texts from what else reads like them', () => {
    const key = (user: unknown) => cacheKey(callOf({ user }), undefined);
    const users = [
      '\ud800',
      '\udbff',
      '\ufffd',
      '1:a',
      'a',
      '"\\ud800"',
      ['a'],
      ['1:a'],
      { a: 'a' },
      { a: ['a'] },
      [],
      {},
      null,
      1,
      '1',
      [1, 1],
      [11],
      ['1', '1'],
      ['11'],
    ];
    expect(new Set(users.map(key)).size).toBe(users.length);
  });

  it.each(['user', 'metadata', 'seed', 'model', 'a_new_one'])('answers another %s anew', async (field) => {
    const { ask, state } = cached();
    await ask({ [field]: 'one' });
    await ask({ [field]: 'two' });
    expect(state.calls).toBe(2);
  });

  it('keeps nothing of a stream that broke, was left, or was not read to its end', async () => {
    const broken = cached({}, () => streamOf(CHUNKS, new Error('gone')));
    await broken.ask({ stream: true });
    await broken.ask({ stream: true });
    expect(broken.state.calls).toBe(2);

    const store = memoryStore();
    const hook = cache({ store, onError: () => undefined });
    const ctx = callOf({ stream: true });
    const reply = await hook.handle(ctx, async () => streamOf(CHUNKS));
    if (reply.kind === 'stream') await reply.batches[Symbol.asyncIterator]().next();
    await ctx.settle({ status: 'aborted' }, () => undefined);
    expect(store.get(cacheKey(ctx, undefined))).toBeUndefined();
  });

  it('keeps nothing of a call that failed outside it, or that reports an error with status 200', async () => {
    const store = memoryStore();
    const hook = cache({ store, onError: () => undefined });
    const refused = callOf();
    await hook.handle(refused, async () => complete(ANSWER));
    await refused.settle({ status: 'error', error: new Error('an outer hook refused the answer') }, () => undefined);
    expect(store.get(cacheKey(refused, undefined))).toBeUndefined();

    const { ask, state } = cached({}, () => complete({ error: { message: 'overloaded' } }));
    await ask();
    await ask();
    expect(state.calls).toBe(2);
  });

  it('keeps no answer over its limit, and holds none in memory either', async () => {
    const long = { choices: [{ message: { content: 'x'.repeat(500) } }] };
    const complete500 = cached({ maxEntryBytes: 400 }, () => complete(long));
    const stream500 = cached({ maxEntryBytes: 400 }, () => streamOf([[long], [long]]));
    for (const { ask, state } of [complete500, stream500]) {
      await ask({ stream: state === stream500.state });
      await ask({ stream: state === stream500.state });
      expect(state.calls).toBe(2);
    }
  });

  it('leaves alone what has effects, files or sound', async () => {
    const bytes = cached({}, () => ({ kind: 'bytes', contentType: 'audio/mpeg', chunks: (async function* () {})() }));
    for (const operation of ['images.generate', 'responses', 'audio.speech'] as const) {
      await bytes.ask({}, { operation });
      expect((await bytes.ask({}, { operation })).ctx.cacheStatus).toBeUndefined();
    }
    expect(bytes.state.calls).toBe(6);
  });

  it('caches further operations when told to', async () => {
    const { ask, state } = cached({ operations: ['responses'] });
    await ask({}, { operation: 'responses' });
    await ask({}, { operation: 'responses' });
    await ask();
    await ask();
    expect(state.calls).toBe(3);
  });
});

describe('what a caller asks of the cache', () => {
  it('is not sent upstream, and is no part of the key', async () => {
    const { ask, state } = cached();
    await ask({ cache: { ttl: 60 } });
    await ask();
    expect(state.calls).toBe(1);
    expect(state.requests[0]).not.toHaveProperty('cache');
  });

  it.each([
    ['the body', { cache: { 'no-cache': true } }, {}],
    ['the header', {}, { 'cache-control': 'No-Cache' }],
  ])('may be a fresh answer, by %s, which then replaces the old one', async (_name, body, headers) => {
    let turn = 0;
    const { ask } = cached({}, () => complete({ turn: (turn += 1) }));
    await ask();
    expect((await ask(body, { source: { credentials: [], headers } })).body).toEqual({ turn: 2 });
    expect((await ask()).body).toEqual({ turn: 2 });
  });

  it.each([
    ['the body', { cache: { 'no-store': true } }, {}],
    ['the header', {}, { 'cache-control': 'max-age=0, no-store' }],
  ])('may be that nothing is kept, by %s', async (_name, body, headers) => {
    const { ask, state } = cached();
    await ask(body, { source: { credentials: [], headers } });
    await ask();
    expect(state.calls).toBe(2);
  });

  it('may be a lifetime, a greatest age, or a space of its own', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { ask, state } = cached({ store: memoryStore({ now: () => now }) });
    await ask({ cache: { ttl: 10 } });
    now += 9000;
    expect((await ask()).ctx.cacheStatus).toBe('hit');
    now += 2000;
    expect((await ask()).ctx.cacheStatus).toBe('miss');
    expect((await ask({ cache: { namespace: 'n' } })).ctx.cacheStatus).toBe('miss');
    expect((await ask({ cache: { namespace: 'n' } })).ctx.cacheStatus).toBe('hit');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await ask({ cache: { 's-maxage': 0.001 } })).ctx.cacheStatus).toBe('miss');
    expect(state.calls).toBe(4);
  });

  it.each([
    [{ cache: { 'no-cash': true } }, 'unsupported_parameter', 'cache.no-cash'],
    [{ cache: { ttl: '10' } }, 'invalid_request', 'cache.ttl'],
    [{ cache: { ttl: -1 } }, 'invalid_request', 'cache.ttl'],
    [{ cache: 'off' }, 'invalid_request', 'cache'],
  ])('is refused when it means nothing: %j', async (body, code, param) => {
    expect((await cached().ask(body)).error).toMatchObject({ code, param });
  });
});

describe('a store that fails', () => {
  const broken = (over: Partial<Store>): Store => ({ ...memoryStore(), ...over });

  it.each([
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['rejects', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('makes the call a miss when it %s', async (_name, fail) => {
    const { ask, state, reports } = cached({ store: broken({ get: fail, set: fail }), storeTimeoutMs: 10 });
    const { body, reports: late, outcome } = await ask();
    expect(body).toEqual(ANSWER);
    expect(outcome).toEqual({ status: 'ok' });
    expect([reports.length, late.length, state.calls]).toEqual([1, 1, 1]);
  });

  it('makes the call a miss when it gives back something else', async () => {
    const { ask, reports } = cached({ store: broken({ get: () => 'not an entry' }) });
    expect((await ask()).body).toEqual(ANSWER);
    expect(reports).toHaveLength(1);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}
