import { describe, expect, it } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Reply } from '../types/call.ts';
import { compose } from './compose.ts';
import { Context, contextKey } from './context.ts';
import { defineHook, type Hook, type Phase } from './hook.ts';
import { strict } from './strict.ts';

const answer: Reply = { kind: 'complete', body: LazyJson.ofValue({ ok: true }) };

function context(): Context {
  return new Context({ id: 'c1', operation: 'chat', request: { model: 'm' }, source: { credentials: [] }, controller: new AbortController() });
}

function tracer(name: string, phase: Phase, trace: string[]): Hook {
  return defineHook({
    name,
    phase,
    async handle(_ctx, next) {
      trace.push(`>${name}`);
      const reply = await next();
      trace.push(`<${name}`);
      return reply;
    },
  });
}

describe('compose', () => {
  it('runs hooks by phase, then in the order given, around the terminal', async () => {
    const trace: string[] = [];
    const run = compose(
      [tracer('router', 'router', trace), tracer('b', 'auth', trace), tracer('logger', 'logger', trace), tracer('a', 'auth', trace)],
      async () => {
        trace.push('upstream');
        return answer;
      },
    );
    expect(await run(context())).toBe(answer);
    expect(trace).toEqual(['>logger', '>b', '>a', '>router', 'upstream', '<router', '<a', '<b', '<logger']);
  });

  it('lets a hook answer early, without what lies inside it', async () => {
    const run = compose([{ name: 'cache', phase: 'cache', handle: async () => answer }], () => Promise.reject(new Error('reached')));
    expect(await run(context())).toBe(answer);
  });
});

describe('strict', () => {
  const slow = (): Promise<Reply> => new Promise((resolve) => setImmediate(() => resolve(answer)));
  const run = (hook: Hook): Promise<Reply> => compose([strict(hook)], slow)(context());

  it('refuses a second next(), except from a router', async () => {
    const twice = (phase: Phase): Hook => ({ name: 'twice', phase, handle: async (_ctx, next) => (await next(), next()) });
    await expect(run(twice('auth'))).rejects.toThrow("Hook 'twice' called next() more than once");
    await expect(run(twice('router'))).resolves.toBe(answer);
  });

  it('refuses a hook that dropped the promise of next(), or returned nothing', async () => {
    const dropper: Hook = { name: 'dropper', phase: 'auth', handle: async (_ctx, next) => (void next(), answer) };
    await expect(run(dropper)).rejects.toThrow("Hook 'dropper' answered while its next() was still running");
    const mute = { name: 'mute', phase: 'auth', handle: async (_ctx: Context, next: () => Promise<Reply>) => void (await next()) } as unknown as Hook;
    await expect(run(mute)).rejects.toThrow("Hook 'mute' returned no reply");
  });
});

describe('Context', () => {
  it('runs deferred work once, newest first, and survives work that throws', async () => {
    const ctx = context();
    const trace: string[] = [];
    const failures: unknown[] = [];
    ctx.defer(() => void trace.push('first'));
    ctx.defer(() => {
      throw new Error('broken');
    });
    ctx.defer(async () => void trace.push('last'));
    await ctx.settle({ status: 'ok' }, (error) => failures.push(error));
    await ctx.settle({ status: 'ok' }, (error) => failures.push(error));
    expect(trace).toEqual(['last', 'first']);
    expect(failures).toEqual([new Error('broken')]);
  });

  it('gives the received bytes only as long as the request is the one they say', () => {
    const received = Buffer.from('{"model":"m"}');
    const ctx = new Context({ id: 'c1', operation: 'chat', request: { model: 'm' }, received, source: { credentials: [] }, controller: new AbortController() });
    expect(ctx.received).toBe(received);
    ctx.request = { ...ctx.request };
    expect(ctx.received).toBeUndefined();
  });

  it('keeps values by key, not by name', () => {
    const ctx = context();
    const [one, other] = [contextKey<number>('same'), contextKey<number>('same')];
    ctx.set(one, 1);
    expect([ctx.get(one), ctx.get(other)]).toEqual([1, undefined]);
  });
});
