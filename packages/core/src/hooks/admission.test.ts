import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { modelRegistry } from '../models/model-registry.ts';
import { compose } from '../pipeline/compose.ts';
import { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Outcome, Reply } from '../types/call.ts';
import { admission } from './admission.ts';

const MINUTE = 60_000;
const LIMITS = { requestsPerMinute: 60, tokensPerMinute: 3000, parallelCalls: 4 };
/** A nano-dollar an output token; input is free, so that what is held is exactly what the output may cost. */
const models = modelRegistry([{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 0, output: 1e6 } }] }]);
const REPLY: Reply = { kind: 'complete', body: { value: {}, text: '{}', bytes: new Uint8Array() } };

/** What happens to one call behind the hooks: how long it takes in turns of the queue, and how it ends. */
type Fate = {
  readonly start: number;
  readonly turns: number;
  readonly end: 'ok' | 'refused' | 'failed' | 'aborted';
  readonly maxTokens: number;
  readonly used: number;
};

const fates = fc.array(
  fc.record({
    start: fc.nat(30),
    turns: fc.nat(30),
    end: fc.constantFrom<Fate['end']>('ok', 'ok', 'ok', 'refused', 'failed', 'aborted'),
    maxTokens: fc.integer({ min: 1, max: 300 }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 120 },
);

describe('P01, P06, P16, P17: whatever happens to whichever calls in whatever order', () => {
  test.each<[string, (store: Store) => Store]>([
    ['with a store that answers at once', (store) => store],
    ['with a store that answers by promise', byPromise],
  ])('every call is charged once, nothing is exceeded and nothing stays held, %s', async (_, wrap) => {
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 0, max: 3000 }), async (history, limit) => {
        const store = memoryStore({ now: () => 1_000_000 });
        const tally = { running: 0, mostRunning: 0, cost: 0, tokens: 0, requests: 0 };
        const handle = pipelineOver(wrap(store), limit, store, tally);
        await Promise.all(history.map((fate) => play(fate, handle)));

        expect(tally.mostRunning).toBeLessThanOrEqual(LIMITS.parallelCalls);
        expect(tally.cost).toBeLessThanOrEqual(limit);
        expect({
          held: store.total('budget:key:k'),
          spent: store.total('spend:key:k'),
          tokens: store.total('tokens:key:k', MINUTE),
          requests: store.total('requests:key:k', MINUTE),
          parallel: store.total('parallel:key:k'),
        }).toEqual({ held: tally.cost, spent: tally.cost, tokens: tally.tokens, requests: tally.requests, parallel: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

type Tally = { running: number; mostRunning: number; cost: number; tokens: number; requests: number };

function pipelineOver(store: Store, limit: number, inner: Store, tally: Tally): (fate: Fate) => Handler {
  const hooks = [admission({ store, models, allowance: { perKey: { limits: LIMITS, budgetNanoUsd: limit } } })];
  return (fate) =>
    compose(hooks, async (ctx) => {
      expect(inner.total('budget:key:k')).toBeLessThanOrEqual(limit);
      tally.running += 1;
      tally.mostRunning = Math.max(tally.mostRunning, tally.running);
      await turns(fate.turns);
      tally.running -= 1;
      if (fate.end === 'refused') throw new GatewayError('guardrail_blocked', 'no');
      ctx.deployment = models.resolve('m')?.deployments[0];
      tally.requests += 1;
      if (fate.end === 'failed') throw new GatewayError('upstream_error', 'down');
      const outputTokens = Math.floor(fate.used * fate.maxTokens);
      ctx.usage = { inputTokens: 3, outputTokens };
      ctx.costNanoUsd = outputTokens;
      tally.cost += outputTokens;
      tally.tokens += outputTokens + 3;
      return REPLY;
    });
}

async function play(fate: Fate, handle: (fate: Fate) => Handler): Promise<void> {
  await turns(fate.start);
  const request = { model: 'm', prompt: '', max_tokens: fate.maxTokens };
  const ctx = new Context({
    id: '1',
    operation: 'completions',
    request,
    source: { credentials: [] },
    principal: { keyId: 'k' },
    controller: new AbortController(),
  });
  const outcome = await handle(fate)(ctx).then(
    (): Outcome => ({ status: fate.end === 'aborted' ? 'aborted' : 'ok' }),
    (error: unknown): Outcome => ({ status: 'error', error }),
  );
  await ctx.settle(outcome, (error) => {
    throw error;
  });
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}

function byPromise(store: Store): Store {
  return {
    ...store,
    total: async (key, windowMs) => store.total(key, windowMs),
    async reserve(claims) {
      await turns(3);
      return store.reserve(claims);
    },
    async adjust(adjustments, ends) {
      await turns(3);
      await store.adjust(adjustments, ends);
    },
  };
}
