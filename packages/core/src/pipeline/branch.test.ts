import { describe, expect, it } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Reply } from '../types/call.ts';
import { adopt, beside, drop, openBranch } from './branch.ts';
import { Context, contextKey } from './context.ts';

const ANSWER: Reply = { kind: 'complete', body: LazyJson.ofValue({ ok: true }) };
const DEPLOYMENT = { id: 'd', provider: 'p', model: 'm', price: { input: 1e9, output: 1e9 } };

function context(): Context {
  const request = { model: 'm', messages: [{ role: 'user', content: 'Say it' }] };
  const received = Buffer.from(JSON.stringify(request));
  return new Context({ id: 'c', operation: 'chat', request, received, source: { credentials: [] }, controller: new AbortController() });
}

describe('a branch', () => {
  it('is the same call, with the bytes it came as, and what hooks have left', () => {
    const ctx = context();
    const key = contextKey<number>('n');
    ctx.set(key, 1);
    const branch = openBranch(ctx);
    expect([branch.id, branch.startedAt, branch.received, branch.get(key)]).toEqual([ctx.id, ctx.startedAt, ctx.received, 1]);
    branch.set(key, 2);
    expect(ctx.get(key)).toBe(1);
    expect(openBranch(ctx, { model: 'other' }).received).toBeUndefined();
  });

  it('ends with its call, and its call not with it', () => {
    const ctx = context();
    const [one, other] = [openBranch(ctx), openBranch(ctx)];
    one.abort();
    expect([ctx.controller.isAborted, other.controller.isAborted]).toEqual([false, false]);
    ctx.abort();
    expect(other.controller.isAborted).toBe(true);
    expect(openBranch(ctx).controller.isAborted).toBe(true);
  });

  it('that is adopted gives its call what it has used and cost, to the end', async () => {
    const ctx = context();
    ctx.costNanoUsd = 5;
    const branch = openBranch(ctx);
    branch.deployment = DEPLOYMENT;
    async function* batches(): AsyncGenerator<Batch> {
      branch.costNanoUsd = 10;
      yield { events: [] };
    }
    branch.defer(() => {
      branch.costNanoUsd = 12;
      branch.usage = { inputTokens: 1, outputTokens: 2 };
    });
    const reply = adopt(ctx, branch, { kind: 'stream', batches: batches() });
    expect(ctx.deployment).toBe(DEPLOYMENT);
    if (reply.kind === 'stream') for await (const _ of reply.batches) expect(ctx.costNanoUsd).toBe(15);
    await ctx.settle({ status: 'ok' }, (error) => expect.fail(String(error)));
    expect([ctx.costNanoUsd, ctx.usage]).toEqual([17, { inputTokens: 1, outputTokens: 2 }]);
  });
});

describe('a branch that is dropped', () => {
  it('while it waits costs its input, and is cancelled', async () => {
    const ctx = context();
    const branch = openBranch(ctx);
    branch.deployment = DEPLOYMENT;
    const pending = new Promise<Reply>((_, reject) => branch.controller.onAbort(() => reject(new Error('cancelled'))));
    await drop(ctx, branch, pending, false);
    expect(ctx.costNanoUsd).toBeGreaterThan(0);
    expect(ctx.get(beside)).toEqual({ asked: 1, costNanoUsd: ctx.costNanoUsd });
  });

  it('after it has failed costs what it has cost, and after it has answered no less', async () => {
    const ctx = context();
    const failed = openBranch(ctx);
    failed.deployment = DEPLOYMENT;
    await drop(ctx, failed, Promise.reject(new Error('no')), true);
    expect([ctx.costNanoUsd, ctx.get(beside)]).toEqual([undefined, { asked: 1, costNanoUsd: 0 }]);

    const answered = openBranch(ctx);
    answered.deployment = DEPLOYMENT;
    answered.costNanoUsd = 1e6;
    await drop(ctx, answered, Promise.resolve(ANSWER), false);
    expect([ctx.costNanoUsd, ctx.get(beside)]).toEqual([1e6, { asked: 2, costNanoUsd: 1e6 }]);
  });

  it('before it has come to a deployment costs nothing', async () => {
    const ctx = context();
    await drop(ctx, openBranch(ctx), Promise.reject(new Error('left')), false);
    expect(ctx.costNanoUsd).toBeUndefined();
  });

  it('does not keep its call from ending when it hears of nothing', async () => {
    const ctx = context();
    const branch = openBranch(ctx);
    branch.deployment = DEPLOYMENT;
    const startedAt = performance.now();
    await drop(ctx, branch, new Promise(() => undefined), false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(ctx.get(beside)?.asked).toBe(1);
  });
});
