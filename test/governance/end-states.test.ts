import { type ChatChunk, type Gateway, GatewayError, type GatewayOptions, type Guardrail, type Hook, type Principal, type Store } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CENT, governed, group, request } from './support/gateway.ts';
import { answer, fail, inTurn, type Script, startUpstream, stream, type Upstream } from './support/upstream.ts';

const MINUTE = 60_000;
const ROUNDS = 25;
const principal: Principal = { keyId: 'k', limits: { requestsPerMinute: 1e6, tokensPerMinute: 1e9, parallelCalls: 1000 }, budgetNanoUsd: 1e15 };
/** Ten output tokens, and ten of input at a nano-dollar each. */
const FULL = CENT + 10;

type EndState = {
  readonly name: string;
  readonly script: Script;
  /** Makes one call and brings it to its end. */
  run(gateway: Gateway): Promise<void>;
  /** What each call has cost, and used, and whether it counts as a request. */
  readonly cost: number;
  readonly tokens: number;
  readonly requests: number;
  /** Where the gateway would not do it 25 times in a row. */
  readonly rounds?: number;
  readonly options?: (upstream: Upstream) => Partial<GatewayOptions>;
};

const endStates: readonly EndState[] = [
  { name: 'a complete answer', script: answer(), run: complete, cost: FULL, tokens: 20, requests: 1, rounds: 3 },
  {
    name: 'a streamed answer with usage',
    script: stream({ chunks: 10, usage: { prompt_tokens: 10, completion_tokens: 10 } }),
    run: (gateway) => drain(gateway),
    cost: FULL,
    tokens: 20,
    requests: 1,
  },
  { name: 'a streamed answer without usage', script: stream({ chunks: 10 }), run: (gateway) => drain(gateway), cost: CENT + 14, tokens: 24, requests: 1 },
  {
    name: 'a refusal by the budget of another scope',
    script: answer(),
    run: refused('budget_exceeded'),
    cost: 0,
    tokens: 0,
    requests: 0,
    options: () => ({ allowance: { gateway: { budgetNanoUsd: 1 } } }),
  },
  {
    name: 'a refusal by a limit of another scope',
    script: answer(),
    run: refused('rate_limited'),
    cost: 0,
    tokens: 0,
    requests: 0,
    options: () => ({ allowance: { gateway: { limits: { requestsPerMinute: 0 } } } }),
  },
  { name: 'a model nobody has', script: answer(), run: refused('model_not_found', 'other'), cost: 0, tokens: 0, requests: 0 },
  {
    name: 'a refusal by a guardrail',
    script: answer(),
    run: refused('guardrail_blocked'),
    cost: 0,
    tokens: 0,
    requests: 0,
    options: () => ({ guardrails: [{ guardrail: blocking('hi'), on: ['input'] }] }),
  },
  {
    name: 'an answer that a guardrail blocks',
    script: answer(),
    run: refused('guardrail_blocked'),
    cost: FULL,
    tokens: 20,
    requests: 1,
    options: () => ({ guardrails: [{ guardrail: blocking('hello'), on: ['output'] }] }),
  },
  {
    name: 'an error upstream',
    script: fail(400),
    run: refused('upstream_error'),
    cost: 0,
    tokens: 0,
    requests: 1,
    options: () => ({ router: { retries: 0 } }),
  },
  { name: 'an answer after a retry', script: inPairs(fail(500), answer()), run: complete, cost: FULL, tokens: 20, requests: 1, rounds: 3 },
  {
    name: 'an answer by a fallback',
    script: (call) => (call.body.model === 'broken' ? fail(500)(call) : answer()(call)),
    run: complete,
    cost: FULL,
    tokens: 20,
    requests: 1,
    options: (upstream) => ({
      router: { retries: 0 },
      models: [
        {
          ...group('gpt', upstream),
          deployments: [{ ...group('gpt', upstream).deployments[0], id: 'b', provider: 'scripted', model: 'broken' }],
          fallbacks: ['spare'],
        },
        group('spare', upstream),
      ],
    }),
  },
  { name: 'a caller who leaves before the answer', script: () => undefined, run: leaveBefore, cost: 0, tokens: 0, requests: 1 },
  {
    name: 'a caller who leaves inside a stream',
    script: stream({ chunks: 5, ending: 'silence' }),
    run: leaveInside,
    cost: CENT / 2 + 14,
    tokens: 19,
    requests: 1,
  },
  { name: 'a caller who drops the stream', script: stream({ chunks: 5, ending: 'silence' }), run: dropInside, cost: CENT / 2 + 14, tokens: 19, requests: 1 },
  { name: 'a caller who aborts before asking', script: answer(), run: aborted, cost: 0, tokens: 0, requests: 1 },
  {
    name: 'a stream that breaks off',
    script: stream({ chunks: 5, ending: 'cut' }),
    run: (gateway) => drain(gateway, 'upstream_stream_broken'),
    cost: CENT / 2 + 14,
    tokens: 19,
    requests: 1,
  },
  {
    name: 'a stream that a guardrail blocks',
    script: stream({ chunks: 5 }),
    run: (gateway) => drain(gateway, 'guardrail_blocked'),
    cost: CENT / 2 + 14,
    tokens: 19,
    requests: 1,
    options: () => ({ guardrails: [{ guardrail: blocking('word'.repeat(5)), on: ['output'], stream: { mode: 'buffer' } }] }),
  },
  {
    name: 'an answer from the cache',
    script: answer(),
    run: complete,
    cost: FULL / ROUNDS,
    tokens: 20 / ROUNDS,
    requests: 1,
    options: () => ({ cache: true }),
  },
  {
    name: 'a stream from the cache',
    script: stream({ chunks: 10, usage: { prompt_tokens: 10, completion_tokens: 10 } }),
    run: (gateway) => drain(gateway),
    cost: FULL / ROUNDS,
    tokens: 20 / ROUNDS,
    requests: 1,
    options: () => ({ cache: true }),
  },
  { name: 'a hook with a defect', script: answer(), run: refused('internal'), cost: 0, tokens: 0, requests: 0, options: () => ({ hooks: [broken()] }) },
];

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream(answer());
});
afterAll(() => upstream.close());

describe('P04, P12, P17: every call settles once, however it ends', () => {
  for (const { name, script, run, cost, tokens, requests, rounds = ROUNDS, options } of endStates) {
    test(name, async () => {
      upstream.script = script;
      const { gateway, store } = governed(upstream, options?.(upstream));
      for (let round = 0; round < rounds; round += 1) await run(gateway);
      await gateway.idle();
      expect(await countersOf(store)).toEqual({ held: cost * rounds, spent: cost * rounds, tokens: tokens * rounds, requests: requests * rounds, parallel: 0 });
      await gateway.close();
    });
  }

  test('a gateway that closes', async () => {
    upstream.script = stream({ chunks: 5, ending: 'silence' });
    const { gateway, store } = governed(upstream);
    const streams = await Promise.all(Array.from({ length: 10 }, () => open(gateway)));
    const ends = streams.map((chunks) => readToEnd(chunks));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await gateway.close();
    expect(await Promise.all(ends)).toEqual(Array(10).fill('shutting_down'));
    const { held, spent, parallel } = await countersOf(store);
    expect({ held, parallel }).toEqual({ held: spent, parallel: 0 });
    expect(spent).toBe((CENT / 2 + 14) * 10);
  });
});

async function countersOf(store: Store): Promise<Record<string, number>> {
  return {
    held: await store.total('budget:key:k'),
    spent: await store.total('spend:key:k'),
    tokens: await store.total('tokens:key:k', MINUTE),
    requests: await store.total('requests:key:k', MINUTE),
    parallel: await store.total('parallel:key:k'),
  };
}

async function complete(gateway: Gateway): Promise<void> {
  await gateway.chat.completions.create(request, { principal });
}

function refused(code: string, model = 'gpt') {
  return async (gateway: Gateway): Promise<void> => {
    await expect(gateway.chat.completions.create({ ...request, model }, { principal })).rejects.toMatchObject({ code });
  };
}

function open(gateway: Gateway, signal?: AbortSignal): Promise<AsyncIterable<ChatChunk>> {
  return gateway.chat.completions.create({ ...request, stream: true }, { principal, ...(signal && { signal }) });
}

async function drain(gateway: Gateway, code?: string): Promise<void> {
  expect(await readToEnd(await open(gateway))).toBe(code);
}

/** The code of the error it ends with, if it does. */
async function readToEnd(chunks: AsyncIterable<ChatChunk>): Promise<string | undefined> {
  try {
    for await (const _ of chunks);
    return undefined;
  } catch (error) {
    return GatewayError.from(error).code;
  }
}

async function leaveBefore(gateway: Gateway): Promise<void> {
  const controller = new AbortController();
  const call = gateway.chat.completions.create(request, { principal, signal: controller.signal });
  setTimeout(() => controller.abort(), 5);
  await expect(call).rejects.toMatchObject({ code: 'aborted' });
}

async function aborted(gateway: Gateway): Promise<void> {
  await expect(gateway.chat.completions.create(request, { principal, signal: AbortSignal.abort() })).rejects.toThrow();
}

async function leaveInside(gateway: Gateway): Promise<void> {
  const controller = new AbortController();
  const chunks = (await open(gateway, controller.signal))[Symbol.asyncIterator]();
  for (let count = 0; count < 5; count += 1) await chunks.next();
  controller.abort();
  await chunks.next().catch(() => undefined);
}

async function dropInside(gateway: Gateway): Promise<void> {
  let count = 0;
  for await (const _ of await open(gateway)) if (++count === 5) break;
}

/** First `one`, then `other`, and so on. */
function inPairs(one: Script, other: Script): Script {
  let turn = 0;
  return (call) => inTurn(turn++ % 2 === 0 ? one : other)(call);
}

function blocking(word: string): Guardrail {
  return { name: 'words', check: ({ text }) => (text.includes(word) ? { action: 'block', reason: `says ${word}` } : { action: 'allow' }) };
}

function broken(): Hook {
  return {
    name: 'broken',
    phase: 'guardrail',
    handle: () => {
      throw new TypeError('a defect');
    },
  };
}
