import assert from 'node:assert/strict';
import { Context, GatewayError, type Hook, type JsonObject, type Outcome, PHASES, type Reply } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';
import { ANSWER, CHUNKS, scriptedReply, SOUND } from './scripted-reply.ts';

/** A fresh hook, and what a call needs to be let through by it. */
export type HookUnderTest = {
  readonly hook: Hook;
  /** Fields for the request of every call, beside a model and one message. */
  readonly request?: JsonObject;
  /** Does for the call what hooks further out would have done, such as setting the principal. */
  prepare?(ctx: Context): void;
};

export type MakeHook = () => HookUnderTest | Promise<HookUnderTest>;

type Run = {
  readonly ctx: Context;
  readonly reply?: Reply;
  readonly answer?: unknown;
  readonly error?: unknown;
  readonly calls: number;
  readonly reports: readonly unknown[];
};

type Check = (made: HookUnderTest) => Promise<void>;

const KINDS: readonly Reply['kind'][] = ['complete', 'stream', 'bytes'];
const WHOLE = { complete: ANSWER, stream: CHUNKS, bytes: [SOUND] } as const;

const CASES: readonly (readonly [name: string, check: Check])[] = [
  [
    'has a name and a phase that exists',
    async ({ hook }) => {
      assert.ok(hook.name.length > 0);
      assert.ok(PHASES.includes(hook.phase));
    },
  ],
  [
    'hands on every kind of answer as it is, and asks for it once',
    async (made) => {
      for (const kind of KINDS) {
        const { answer, error, calls, reports } = await run(made, kind);
        assert.equal(error, undefined);
        assert.deepEqual(answer, WHOLE[kind]);
        assert.equal(calls, 1);
        assert.deepEqual(reports, []);
      }
    },
  ],
  [
    'hands on a refusal from within, and what breaks a stream',
    async (made) => {
      const gone = new GatewayError('upstream_bad_request', 'from within');
      assert.equal((await run(made, 'complete', { fail: gone })).error, gone);
      assert.equal((await run(made, 'stream', { breaks: gone })).error, gone);
    },
  ],
  [
    'lets go of a stream that its reader has left',
    async (made) => {
      const scripted = scriptedReply('stream');
      const ctx = open(made);
      const reply = await made.hook.handle(ctx, () => Promise.resolve(scripted.reply));
      assert.equal(reply.kind, 'stream');
      const iterator = reply.kind === 'stream' ? reply.batches[Symbol.asyncIterator]() : undefined;
      await iterator?.next();
      await iterator?.return?.();
      assert.ok(scripted.wasLeft(), 'the source was not told');
      assert.deepEqual(await settle(ctx, { status: 'aborted' }), []);
    },
  ],
  [
    'changes neither the request it was given nor the answer',
    async (made) => {
      for (const kind of KINDS) {
        const { ctx, error } = await run({ ...made, request: freeze({ ...made.request }) }, kind);
        assert.equal(error, undefined);
        assert.equal(ctx.request.model, 'contract-model');
      }
    },
  ],
  [
    'leaves no work behind once a call is settled, however it ended',
    async (made) => {
      for (const options of [{}, { fail: new Error('a defect') }, { breaks: new Error('a break') }, { abort: true }]) {
        const { ctx, reports } = await run(made, 'stream', options);
        assert.deepEqual(reports, []);
        await ctx.settle({ status: 'ok' }, () => assert.fail('work was left behind'));
      }
    },
  ],
  [
    'serves many calls at the same time',
    async (made) => {
      const runs = await Promise.all(Array.from({ length: 50 }, (_, index) => run(made, KINDS[index % 2] as Reply['kind'])));
      runs.forEach(({ answer, calls }, index) => {
        assert.deepEqual(answer, WHOLE[KINDS[index % 2] as Reply['kind']]);
        assert.equal(calls, 1);
      });
    },
  ],
  ['can be closed when it has served nothing', async ({ hook }) => hook.close?.()],
];

/**
 * Every rule that a hook keeps which lets a call pass, as cases for any test runner. Hooks of the router's
 * phase may ask more than once, and are not meant.
 *
 * @example
 * for (const { name, run } of hookContract(() => ({ hook: mine() }))) test(name, run);
 */
export function hookContract(make: MakeHook): readonly ContractCase[] {
  return CASES.map(([name, check]) => ({
    name,
    async run() {
      const made = await make();
      try {
        await check(made);
      } finally {
        await made.hook.close?.();
      }
    },
  }));
}

async function run(
  made: HookUnderTest,
  kind: Reply['kind'],
  { fail, breaks, abort }: { readonly fail?: Error; readonly breaks?: Error; readonly abort?: boolean } = {},
): Promise<Run> {
  const ctx = open(made, kind);
  let calls = 0;
  let outcome: Outcome = { status: 'ok' };
  let answer: unknown;
  let error: unknown;
  try {
    const reply = await made.hook.handle(ctx, async () => {
      calls += 1;
      if (fail) throw fail;
      return scriptedReply(kind, breaks).reply;
    });
    answer = await read(reply);
  } catch (caught) {
    error = caught;
    outcome = { status: 'error', error };
  }
  if (abort) {
    ctx.abort();
    outcome = { status: 'aborted' };
  }
  return { ctx, answer, error, calls, reports: await settle(ctx, outcome) };
}

function open({ request = {}, prepare }: HookUnderTest, kind: Reply['kind'] = 'stream'): Context {
  const ctx = new Context({
    id: 'contract',
    operation: kind === 'bytes' ? 'audio.speech' : 'chat',
    request: freeze({
      model: 'contract-model',
      stream: kind === 'stream',
      ...(kind === 'bytes' ? { input: 'Good day?' } : { messages: [{ role: 'user', content: 'Good day?' }] }),
      ...request,
    }),
    source: { credentials: [] },
    controller: new AbortController(),
  });
  prepare?.(ctx);
  return ctx;
}

async function read(reply: Reply): Promise<unknown> {
  if (reply.kind === 'complete') return reply.body.value;
  const items: unknown[] = [];
  if (reply.kind === 'bytes') for await (const chunk of reply.chunks) items.push(chunk);
  else for await (const batch of reply.batches) items.push(...batch.events.map(({ value }) => value));
  return items;
}

async function settle(ctx: Context, outcome: Outcome): Promise<readonly unknown[]> {
  const reports: unknown[] = [];
  await ctx.settle(outcome, (error) => reports.push(error));
  return reports;
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
