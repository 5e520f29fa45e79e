import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError, type GatewayErrorOptions } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { modelRegistry } from '../models/model-registry.ts';
import type { Aliases } from '../models/model-snapshot.ts';
import { compose } from '../pipeline/compose.ts';
import { Context } from '../pipeline/context.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Reply } from '../types/call.ts';
import type { Principal } from '../types/principal.ts';
import type { Upload } from '../types/upload.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { RoutingOptions } from '../routing/routing.ts';
import { router } from './router.ts';

const OK: Reply = { kind: 'complete', body: LazyJson.ofValue({ ok: true }) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('tries', () => {
  it.each([
    [{ retries: 3 }, {}, {}, 4],
    [{ retries: 3 }, { retriesFor: { server: 1 } }, {}, 2],
    [{ retries: 3 }, { retriesFor: { server: 1 } }, { retries: 2 }, 3],
    [{ retries: 3 }, {}, { retries: 0 }, 1],
  ])("are the router's %j, the group's %j, the deployment's %j: %i", async (options, ofGroup, ofDeployment, expected) => {
    const deployments = [{ id: 'a', provider: 'p', model: 'a', ...ofDeployment }];
    let asked = 0;
    const hook = router({ models: modelRegistry([{ name: 'm', deployments, ...ofGroup }]), backoffMs: 0, cooldownMs: 0, ...options });
    const run = compose([hook], () => {
      asked += 1;
      return Promise.reject(new GatewayError('upstream_error', 'down', { retryable: true }));
    });
    await expect(run(context('m'))).rejects.toMatchObject({ code: 'upstream_error' });
    expect(asked).toBe(expected);
    asked = 0;
    await expect(run(context('m', { request: { model: 'm', num_retries: 1 } }))).rejects.toMatchObject({ code: 'upstream_error' });
    expect(asked).toBe(2);
  });
});

describe('choice', () => {
  it('resolves exact names, then aliases, then the most specific wildcard', async () => {
    const groups = [group('gpt', ['exact']), group('*', ['any:*']), group('open/*', ['open:*'])];
    const aliases = { fast: 'gpt', nested: 'open/x', gpt: 'open/y' };
    const answered = async (model: string) => (await play({ groups, aliases, model })).ctx;
    expect((await answered('gpt')).deployment?.id).toBe('exact');
    expect((await answered('fast')).group).toBe('gpt');
    expect((await answered('nested')).deployment?.model).toBe('open:x');
    expect((await answered('open/z')).deployment?.model).toBe('open:z');
    expect((await answered('else')).deployment?.model).toBe('any:else');
  });

  it('spreads an alias with several targets over all their deployments', async () => {
    const groups = [group('a', ['a1']), group('b', ['b1', 'b2'], { fallbacks: ['a', 'c'] }), group('c', ['c1'])];
    const registry = modelRegistry(groups, { both: ['a', 'b'] });
    expect(registry.resolve('both')?.deployments.map(({ id }) => id)).toEqual(['a1', 'b1', 'b2']);
    expect(registry.resolve('both')?.fallbacks).toEqual(['c']);
    expect(registry.names).toEqual(['a', 'b', 'c', 'both']);
  });

  it.each([
    [
      [3, 1],
      [0.75, 0.25],
    ],
    [
      [undefined, 1],
      [0.5, 0.5],
    ],
    [
      [0, 0],
      [0.5, 0.5],
    ],
    [
      [0, 1],
      [0, 1],
    ],
    [
      [2, undefined, 0],
      [2 / 3, 1 / 3, 0],
    ],
  ])('shares calls by weight %j', async (weights, shares) => {
    const groups = [
      { name: 'm', deployments: weights.map((weight, index) => ({ ...deployment(String(index)), ...(weight === undefined ? {} : { weight }) })) },
    ];
    const calls = 300;
    const counts = shares.map(() => 0);
    let step = 0;
    const hook = router({ models: modelRegistry(groups), random: () => ((step++ % calls) + 0.5) / calls });
    for (let call = 0; call < calls; call += 1) {
      const ctx = context('m');
      await hook.handle(ctx, async () => OK);
      counts[Number(ctx.deployment?.id)] = (counts[Number(ctx.deployment?.id)] ?? 0) + 1;
    }
    counts.forEach((count, index) => expect(count / calls).toBeCloseTo(shares[index] ?? 0, 1));
  });

  it('suggests only names that the caller may use', async () => {
    const groups = [group('gpt-4o', ['a']), group('gpt-4x', ['b'])];
    const seen = await play({ groups, model: 'gpt-4y', principal: { keyId: 'k', models: ['gpt-4x', 'gpt-4y'] } });
    expect(seen.error).toMatchObject({ code: 'model_not_found', param: 'model', message: "No model is named 'gpt-4y'. Did you mean 'gpt-4x'?" });
  });

  it('skips deployments whose provider lacks the operation, and says so when none is left', async () => {
    const supports = ({ id }: Deployment) => id === 'able';
    const mixed = await play({ groups: [group('m', ['lame', 'able'])], model: 'm', options: { supports } });
    expect(mixed.ctx.deployment?.id).toBe('able');
    const none = await play({ groups: [group('m', ['lame'])], model: 'm', options: { supports } });
    expect(none.error).toMatchObject({ code: 'unsupported_operation', message: "No deployment of 'm' can do 'chat' (asked: 'p')" });
    const other = await play({ groups: [group('m', ['lame'], { fallbacks: ['n'] }), group('n', ['able'])], model: 'm', options: { supports } });
    expect(other.ctx.group).toBe('n');
  });
});

describe('retries', () => {
  it('tries as often as it was told, and no more', async () => {
    for (const retries of [0, 1, 2, 5]) {
      const seen = await play({ groups: [group('m', ['a'])], model: 'm', options: { retries }, fail: () => failure('upstream_error') });
      expect(seen.attempts).toHaveLength(retries + 1);
      expect(seen.ctx.retries).toBe(retries);
      expect(seen.error).toMatchObject({ code: 'upstream_error' });
    }
  });

  it('goes to a deployment not yet tried, without waiting', async () => {
    const seen = await play({
      groups: [group('m', ['a', 'b', 'c'])],
      model: 'm',
      fail: (_, attempt) => (attempt < 2 ? failure('upstream_rate_limited', { retryAfterMs: 9_000 }) : undefined),
    });
    expect(new Set(seen.attempts.map(({ id }) => id)).size).toBe(3);
    expect(seen.elapsedMs).toBe(0);
    expect(seen.ctx.retries).toBe(2);
  });

  it('sleeps no more than the doubling bound, and not at all after the last try', async () => {
    const waits: number[] = [];
    for (const random of [0, 0.5, 0.999]) {
      const seen = await play({
        groups: [group('m', ['a'])],
        model: 'm',
        options: { retries: 4, backoffMs: 100, maxBackoffMs: 300, random: () => random },
        fail: () => failure('upstream_error'),
      });
      waits.push(seen.elapsedMs);
    }
    // Bounds 100, 200, 300, 300: four waits for five tries.
    expect(waits).toEqual([0, 450, expect.closeTo(900, -1)]);
  });

  it('waits what Retry-After asks, up to a minute (P30)', async () => {
    for (const [retryAfterMs, expected] of [
      [1, 1],
      [1_000, 1_000],
      [60_000, 60_000],
    ] as const) {
      const seen = await play({
        groups: [group('m', ['a'])],
        model: 'm',
        fail: (_, attempt) => (attempt === 0 ? failure('upstream_rate_limited', { retryAfterMs }) : undefined),
      });
      expect(seen.error).toBeUndefined();
      expect(seen.elapsedMs).toBeGreaterThanOrEqual(expected);
      expect(seen.elapsedMs).toBeLessThanOrEqual(Math.ceil(expected * 1.1));
    }
  });

  it('does not hold a caller for a longer Retry-After, and passes it on (P30)', async () => {
    const seen = await play({ groups: [group('m', ['a'])], model: 'm', fail: () => failure('upstream_rate_limited', { retryAfterMs: 61_000 }) });
    expect(seen).toMatchObject({ elapsedMs: 0, error: { code: 'upstream_rate_limited', retryAfterMs: 61_000 } });
    expect(seen.attempts).toHaveLength(1);
  });

  it('comes back to whichever deployment is free first', async () => {
    const waits: Record<string, number> = { a: 30_000, b: 2_000 };
    const seen = await play({
      groups: [group('m', ['a', 'b'])],
      model: 'm',
      fail: ({ id }, attempt) => (attempt < 2 ? failure('upstream_rate_limited', { retryAfterMs: waits[id] ?? 0 }) : undefined),
    });
    expect(seen.attempts.at(-1)?.id).toBe('b');
    expect(seen.elapsedMs).toBeLessThan(2_300);
  });

  it.each(['invalid_request', 'upstream_bad_request', 'content_policy_violation', 'budget_exceeded'] as const)('does not retry %s', async (code) => {
    const seen = await play({
      groups: [group('m', ['a', 'b'], { fallbacks: ['n'] }), group('n', ['c'])],
      model: 'm',
      fail: () => failure(code, { retryable: false }),
    });
    expect(seen.attempts).toHaveLength(1);
  });

  it('does not retry a defect', async () => {
    const seen = await play({ groups: [group('m', ['a', 'b'], { fallbacks: ['n'] }), group('n', ['c'])], model: 'm', fail: () => new TypeError('oops') });
    expect(seen.attempts).toHaveLength(1);
    expect(seen.error).toBeInstanceOf(TypeError);
  });

  it('asks another deployment, never the same one, after a refused credential', async () => {
    const refused = () => failure('upstream_authentication', { retryable: false });
    const seen = await play({ groups: [group('m', ['a', 'b'])], model: 'm', options: { retries: 5 }, fail: refused });
    expect(seen.attempts.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('does not send an upload again that is gone, not even elsewhere', async () => {
    const upload: Upload = { contentType: '', fields: {}, isReplayable: false, body: () => nothing(), whole: () => Promise.reject(new Error('It is gone')) };
    const seen = await play({
      groups: [group('m', ['a', 'b'], { fallbacks: ['n'] }), group('n', ['c'])],
      model: 'm',
      upload,
      fail: () => failure('upstream_error'),
    });
    expect(seen.attempts).toHaveLength(1);
  });

  it('ends its wait when the caller leaves', async () => {
    const controller = new AbortController();
    const ctx = context('m', { controller });
    const hook = router({ models: modelRegistry([group('m', ['a'])]) });
    const answer = hook.handle(ctx, async () => Promise.reject(failure('upstream_error', { retryAfterMs: 50_000 })));
    const refused = expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await refused;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('adds at most a fifth to the load of an upstream that fails every call (P27)', async () => {
    let attempts = 0;
    const hook = router({ models: modelRegistry([group('m', ['a'])]), random: () => 0 });
    const calls = 6_000;
    for (let call = 0; call < calls; call += 1) {
      const answer = hook.handle(context('m'), async () => {
        attempts += 1;
        throw failure('upstream_error');
      });
      await expect(answer).rejects.toThrow();
      vi.advanceTimersByTime(5);
    }
    expect(attempts).toBeLessThanOrEqual(1.2 * calls + 3);
    expect(attempts).toBeGreaterThan(calls);
  });
});

describe('cooldown', () => {
  it('keeps calls away from a deployment that is down, and comes back (P26)', async () => {
    const hits: Record<string, number> = {};
    let isDown = true;
    const hook = router({ models: modelRegistry([group('m', ['a', 'b'])]) });
    const call = () =>
      hook.handle(context('m'), async () => {
        const id = lastContext?.deployment?.id ?? '';
        hits[id] = (hits[id] ?? 0) + 1;
        if (id === 'a' && isDown) throw failure('upstream_unreachable');
        return OK;
      });
    for (let index = 0; index < 200; index += 1) await call();
    expect(hits.a).toBe(1);
    isDown = false;
    await vi.advanceTimersByTimeAsync(5_001);
    await call();
    await call();
    for (let second = 0; second < 10; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      for (let index = 0; index < 40; index += 1) await call();
    }
    // A probe, then a growing share, and at last half of all.
    expect(hits.a).toBeGreaterThan(60);
    expect(hits.a).toBeLessThan(160);
  });

  it('never locks out the only deployment', async () => {
    const hook = router({ models: modelRegistry([group('m', ['a'])]), retries: 0 });
    let attempts = 0;
    for (let index = 0; index < 10; index += 1) {
      const answer = hook.handle(context('m'), async () => {
        attempts += 1;
        throw failure('upstream_rate_limited', { retryAfterMs: 30_000 });
      });
      await expect(answer).rejects.toMatchObject({ code: 'upstream_rate_limited' });
    }
    expect(attempts).toBe(10);
  });
});

describe('fallbacks', () => {
  it('goes through the own fallbacks, theirs before the next, then the default ones, each once (P28)', async () => {
    const groups = [
      group('m', ['m'], { fallbacks: ['n', 'o'] }),
      group('n', ['n'], { fallbacks: ['m', 'p'] }),
      group('o', ['o']),
      group('p', ['p'], { fallbacks: ['n'] }),
      group('d', ['d']),
    ];
    const seen = await play({ groups, model: 'm', options: { retries: 0, defaultFallbacks: ['d', 'm'] }, fail: () => failure('upstream_error') });
    expect(seen.attempts.map(({ id }) => id)).toEqual(['m', 'n', 'p', 'o', 'd']);
    expect(seen.ctx.fallbacks).toBe(4);
    expect(seen.error).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining("(tried 'm': upstream_error, then 'n': upstream_error, then 'p'"),
    });
  });

  it('tries each group of a random graph at most once (P28)', async () => {
    vi.useRealTimers();
    for (let round = 0; round < 2_000; round += 1) {
      const size = 1 + Math.floor(Math.random() * 8);
      const name = () => `g${Math.floor(Math.random() * (size + 1))}`;
      const names = (most: number) => Array.from({ length: Math.floor(Math.random() * most) }, name);
      const groups = Array.from({ length: size }, (_, index) => group(`g${index}`, [`d${index}`], { fallbacks: names(5) }));
      const seen = await play({ groups, model: 'g0', options: { retries: 0, defaultFallbacks: names(3) }, fail: () => failure('upstream_error') });
      const ids = seen.attempts.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('leaves out groups that the caller may not use', async () => {
    const groups = [group('m', ['m'], { fallbacks: ['secret', 'n'] }), group('secret', ['s']), group('n', ['n'])];
    const seen = await play({
      groups,
      model: 'm',
      principal: { keyId: 'k', models: ['m', 'n'] },
      options: { retries: 0 },
      fail: ({ id }) => (id === 'n' ? undefined : failure('upstream_error')),
    });
    expect(seen.attempts.map(({ id }) => id)).toEqual(['m', 'n']);
    expect(seen.ctx).toMatchObject({ group: 'n', fallbacks: 1, retries: 0 });
  });

  it('goes on at once when Retry-After is long and a fallback stands ready', async () => {
    const groups = [group('m', ['m'], { fallbacks: ['n'] }), group('n', ['n'])];
    const seen = await play({ groups, model: 'm', fail: ({ id }) => (id === 'm' ? failure('upstream_rate_limited', { retryAfterMs: 20_000 }) : undefined) });
    expect(seen.elapsedMs).toBe(0);
    expect(seen.attempts.map(({ id }) => id)).toEqual(['m', 'n']);
  });

  it('takes a request that is too long to another group, not to another deployment', async () => {
    const groups = [group('small', ['s1', 's2'], { fallbacks: ['large'] }), group('large', ['l'])];
    const seen = await play({ groups, model: 'small', fail: ({ id }) => (id === 'l' ? undefined : failure('context_length_exceeded', { retryable: false })) });
    expect(seen.attempts).toHaveLength(2);
    expect(seen.ctx.group).toBe('large');
  });
});

let lastContext: Context | undefined;

type Play = {
  readonly groups: readonly ModelGroup[];
  readonly model: string;
  readonly aliases?: Aliases;
  readonly principal?: Principal;
  readonly upload?: Upload;
  readonly options?: Omit<RoutingOptions, 'models'>;
  readonly fail?: (deployment: Deployment, attempt: number) => Error | undefined;
};

/** One call, with every wait passed at once on the fake clock. */
async function play({
  groups,
  model,
  aliases,
  options,
  fail,
  ...init
}: Play): Promise<{ ctx: Context; attempts: Deployment[]; error: unknown; elapsedMs: number }> {
  const ctx = context(model, init);
  const attempts: Deployment[] = [];
  const startedAt = performance.now();
  let error: unknown;
  const run = compose([router({ models: modelRegistry(groups, aliases), ...options })], async () => {
    const { deployment: current } = ctx as { deployment: Deployment };
    attempts.push(current);
    const failed = fail?.(current, attempts.length - 1);
    if (failed) throw failed;
    return OK;
  });
  const done = run(ctx).catch((thrown: unknown) => (error = thrown));
  if (vi.isFakeTimers()) await vi.runAllTimersAsync();
  await done;
  return { ctx, attempts, error, elapsedMs: Math.round(performance.now() - startedAt) };
}

function context(
  model: string,
  { controller = new AbortController(), ...init }: { controller?: AbortController; principal?: Principal; upload?: Upload; request?: ModelRequest } = {},
): Context {
  lastContext = new Context({ id: 'c', operation: 'chat', request: { model }, source: { credentials: [] }, controller, ...init });
  return lastContext;
}

function group(name: string, ids: readonly string[], more: Partial<ModelGroup> = {}): ModelGroup {
  return { name, deployments: ids.map(deployment), ...more };
}

function deployment(id: string): Deployment {
  return { id, provider: 'p', model: id };
}

function failure(code: ErrorCode, options: GatewayErrorOptions = {}): GatewayError {
  return new GatewayError(code, code, { retryable: true, ...options });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
