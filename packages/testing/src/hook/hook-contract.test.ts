import { defineGuardrail, defineHook, memoryStore, modelRegistry, type Hook, type Reply } from '@sluice/core';
import { admission, auth, cache, guardrail, logger, telemetry } from '@sluice/core/hooks';
import { describe, expect, test } from 'vitest';
import { hookContract, type HookUnderTest } from './hook-contract.ts';

const models = modelRegistry([{ name: 'contract-model', deployments: [{ id: 'd', provider: 'p', model: 'm', price: { input: 1, output: 1 } }] }]);
const onError = (error: unknown): void => expect.unreachable(String(error));
const harmless = defineGuardrail({
  name: 'harmless',
  check: async ({ text }) => (text.includes('bomb') ? { action: 'block', reason: 'a bomb' } : { action: 'allow' }),
});

const known = { keyId: 'k1', limits: { requestsPerMinute: 10_000, tokensPerMinute: 10_000_000, parallelCalls: 1000 }, budgetNanoUsd: 1e15 };

const BUILT_IN: Readonly<Record<string, () => HookUnderTest>> = {
  logger: () => ({ hook: logger({ sinks: [{ name: 's', write: () => undefined }], onError }) }),
  telemetry: () => ({ hook: telemetry() as Hook }),
  auth: () => ({ hook: auth({ models, isOpen: true }) }),
  admission: () => ({ hook: admission({ store: memoryStore(), models }), prepare: (ctx) => void (ctx.principal = known) }),
  'guardrail on the input': () => ({ hook: guardrail({ guardrails: [{ guardrail: harmless, on: ['input'] }], onError }) }),
  'guardrail on the output': () => ({ hook: guardrail({ guardrails: [{ guardrail: harmless, on: ['output'], stream: { mode: 'observe' } }], onError }) }),
  // Asks anew each time, so that every case gets the answer from within.
  cache: () => ({ hook: cache({ store: memoryStore(), onError }), request: { cache: { 'no-cache': true } } }),
};

describe.each(Object.entries(BUILT_IN))('the built-in hook %s keeps the contract', (_name, make) => {
  for (const { name, run } of hookContract(make)) test(name, run);
});

describe('the contract refuses', () => {
  const broken: Readonly<Record<string, Hook['handle']>> = {
    'a second next': async (_ctx, next) => {
      await next();
      return next();
    },
    'a changed request': (ctx, next) => {
      (ctx.request as { model: string }).model = 'other';
      return next();
    },
    'an error that is swallowed': (_ctx, next) => next().catch(() => ({ kind: 'bytes', contentType: '', chunks: (async function* () {})() }) satisfies Reply),
    'a stream whose source is not told': async (_ctx, next) => {
      const reply = await next();
      if (reply.kind !== 'stream') return reply;
      const source = reply.batches[Symbol.asyncIterator]();
      return { kind: 'stream', batches: { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) } };
    },
    'work that throws': (ctx, next) => {
      ctx.defer(() => {
        throw new Error('a defect');
      });
      return next();
    },
  };

  test.each(Object.entries(broken))('%s', async (_name, handle) => {
    const cases = hookContract(() => ({ hook: defineHook({ name: 'broken', phase: 'guardrail', handle }) }));
    const results = await Promise.allSettled(cases.map(({ run }) => run()));
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
  });
});
