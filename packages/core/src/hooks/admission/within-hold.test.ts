import { expect, test } from 'vitest';
import { modelRegistry } from '../../models/model-registry.ts';
import { delivered } from '../../pipeline/delivered.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { admission } from '../admission.ts';
import { callOf, streamOf } from '../hook-bench.test.support.ts';

test('P17: what comes to be held after the caller has left is given back', async () => {
  const inner = memoryStore();
  const gate: (() => void)[] = [];
  const store: Store = {
    ...inner,
    async reserve(claims) {
      await new Promise<void>((resolve) => gate.push(resolve));
      return inner.reserve(claims);
    },
  };
  // A nano-dollar an output token; input is free.
  const models = modelRegistry([{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 0, output: 1e6 } }] }]);
  const ctx = callOf();
  const answering = admission({ store, models, allowance: { perKey: { budgetNanoUsd: 10_000 } }, assumedOutputTokens: { budget: 100 } }).handle(
    ctx,
    async () => {
      ctx.set(delivered, { tokens: 90 });
      return streamOf([[{}], [{}]]);
    },
  );
  gate.shift()?.();
  const reply = await answering;
  if (reply.kind !== 'stream') throw new Error('not a stream');

  void reply.batches[Symbol.asyncIterator]().next();
  await new Promise(setImmediate);
  expect(gate).toHaveLength(1);
  await ctx.settle({ status: 'aborted' }, (error) => {
    throw error;
  });
  gate.shift()?.();
  await new Promise(setImmediate);
  expect(inner.total('budget:key:k1')).toBe(0);
});
