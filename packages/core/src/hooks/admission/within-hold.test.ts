import { describe, expect, test } from 'vitest';
import { modelRegistry } from '../../models/model-registry.ts';
import type { Context } from '../../pipeline/context.ts';
import { delivered } from '../../pipeline/delivered.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { Batch } from '../../types/call.ts';
import { admission } from '../admission.ts';
import { callOf, streamOf } from '../hook-bench.test.support.ts';

/** A nano-dollar an output token; input is free. */
const models = modelRegistry([{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 0, output: 1e6 } }] }]);

/** A store that answers when the test says so, and counts what it was asked. */
function slowStore(inner: Store): { readonly store: Store; readonly waiting: (() => void)[]; asked: number } {
  const slow = {
    waiting: [] as (() => void)[],
    asked: 0,
    store: {
      ...inner,
      async reserve(claims) {
        slow.asked += 1;
        await new Promise<void>((resolve) => slow.waiting.push(resolve));
        return inner.reserve(claims);
      },
    } satisfies Store,
  };
  return slow;
}

type Opened = { readonly ctx: Context; readonly batches: AsyncIterator<Batch>; readonly state: { readonly read: number; readonly returned: boolean } };

/** An admitted stream of which each read brings `tokensARead`, let in with a hundred. */
async function open(store: Store, budgetNanoUsd: number, { tokensARead, reads }: { readonly tokensARead: number; readonly reads: number }): Promise<Opened> {
  const ctx = callOf();
  const reply = streamOf(Array.from({ length: reads }, () => [{}]));
  const hook = admission({ store, models, allowance: { perKey: { budgetNanoUsd } }, assumedOutputTokens: { budget: 100 } });
  const admitted = await hook.handle(ctx, async () => {
    ctx.set(delivered, {
      get tokens() {
        return reply.state.read * tokensARead;
      },
    });
    return reply;
  });
  if (admitted.kind !== 'stream') throw new Error('not a stream');
  return { ctx, batches: admitted.batches[Symbol.asyncIterator](), state: reply.state };
}

async function settle(ctx: Context): Promise<void> {
  await ctx.settle({ status: 'aborted' }, (error) => {
    throw error;
  });
}

async function readToEnd(batches: AsyncIterator<Batch>): Promise<{ readonly count: number; readonly error: unknown }> {
  let count = 0;
  try {
    for (; !(await batches.next()).done; count += 1);
  } catch (error) {
    return { count, error };
  }
  return { count, error: undefined };
}

test('a stream without an end is held in few parts', async () => {
  let asked = 0;
  const inner = memoryStore();
  const store: Store = {
    ...inner,
    reserve(claims) {
      asked += 1;
      return inner.reserve(claims);
    },
  };
  const { ctx, batches } = await open(store, 1e15, { tokensARead: 50, reads: 20_000 });
  expect(await readToEnd(batches)).toEqual({ count: 20_000, error: undefined });
  expect(asked).toBeLessThan(100);
  await settle(ctx);
});

test('P17: what comes to be held after the caller has left is given back', async () => {
  const inner = memoryStore();
  const { store, waiting } = slowStore(inner);
  const opening = open(store, 10_000, { tokensARead: 90, reads: 2 });
  waiting.shift()?.();
  const { ctx, batches } = await opening;
  void batches.next();
  await new Promise(setImmediate);
  expect(waiting).toHaveLength(1);
  await settle(ctx);
  waiting.shift()?.();
  await new Promise(setImmediate);
  expect(inner.total('budget:key:k1')).toBe(0);
});

describe('P03: a stream cannot outrun its budget', () => {
  test('it ends before a read that would not fit, with all that has come passed on, and is not read on', async () => {
    const store = memoryStore();
    const { batches, state } = await open(store, 372, { tokensARead: 10, reads: 100 });
    const { count, error } = await readToEnd(batches);
    // A hundred, 256 and 16: the most that three steps make of 372.
    expect({ count, error }).toEqual({ count: 37, error: expect.objectContaining({ code: 'budget_exceeded' }) });
    expect(state).toMatchObject({ read: 37, returned: true });
  });

  test('a store that is slow holds it up only once all that was held has come', async () => {
    const { store, waiting } = slowStore(memoryStore());
    const opening = open(store, 100, { tokensARead: 10, reads: 100 });
    waiting.shift()?.();
    const { batches, state } = await opening;
    const ended = readToEnd(batches);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect({ read: state.read, asked: waiting.length }).toEqual({ read: 10, asked: 1 });
    waiting.shift()?.();
    expect(await ended).toMatchObject({ count: 10, error: { code: 'budget_exceeded' } });
  });

  test('a budget that is used up is asked once', async () => {
    const slow = slowStore(memoryStore());
    const opening = open(slow.store, 105, { tokensARead: 10, reads: 100 });
    slow.waiting.shift()?.();
    const { batches } = await opening;
    const ended = readToEnd(batches);
    await expect.poll(() => slow.waiting.length).toBe(1);
    slow.waiting.shift()?.();
    await ended;
    expect(slow.asked).toBe(2);
  });

  test('a store that fails while it is asked ends it, when calls may not go on without it', async () => {
    const inner = memoryStore();
    let isAway = false;
    const store: Store = { ...inner, reserve: (claims) => (isAway ? Promise.reject(new Error('away')) : inner.reserve(claims)) };
    const { batches, state } = await open(store, 10_000, { tokensARead: 10, reads: 100 });
    isAway = true;
    expect(await readToEnd(batches)).toMatchObject({ error: { code: 'store_unavailable' } });
    expect(state.read).toBeLessThanOrEqual(10);
  });
});
