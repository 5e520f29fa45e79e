import { afterEach, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Deployment } from '../types/model.ts';
import type { Spender } from '../types/spend.ts';
import type { Provider } from './provider.ts';

const opened: Gateway[] = [];
let asked: string[] = [];
afterEach(async () => {
  asked = [];
  for (const gateway of opened.splice(0)) await gateway.close();
});

/** Answers ten output tokens of the ten it may; `bad` ones fail, streams of `broken` ones break after their first event. */
function providerNamed(name: string): Provider {
  return {
    name,
    operations: {
      chat: {
        toRequest: ({ deployment }) => ({ url: 'p:', headers: {}, body: deployment.id }),
        toError: () => new GatewayError('upstream_error', 'down', { retryable: true }),
      },
    },
    send({ body }, options) {
      const id = String(body);
      asked.push(id);
      const isStream = options.call?.request.stream === true;
      return Promise.resolve({
        status: id.startsWith('bad') ? 500 : 200,
        headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' },
        body: isStream ? stream(id) : whole(),
      });
    },
  };
}

async function* whole(): AsyncGenerator<Uint8Array> {
  const usage = { prompt_tokens: 0, completion_tokens: 10, total_tokens: 10 };
  yield Buffer.from(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }], usage }));
}

async function* stream(id: string): AsyncGenerator<Uint8Array> {
  const chunk = (delta: object, more: object = {}) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...more }] })}\n\n`;
  yield Buffer.from(chunk({ content: 'one two three' }));
  if (id.startsWith('broken')) throw new GatewayError('upstream_stream_broken', 'broken');
  yield Buffer.from(
    `${chunk({}, { finish_reason: 'stop' })}data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":4,"total_tokens":4}}\n\ndata: [DONE]\n\n`,
  );
}

const deployment = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, provider: 'p', model: 'm', price: { input: 0, output: 1e6 }, ...more });

function open(deployments: readonly Deployment[], options: GatewayOptions = {}): Gateway {
  const gateway = createGateway({
    auth: false,
    providers: [providerNamed('p'), providerNamed('q')],
    models: [{ name: 'm', deployments }],
    router: { retries: 3, backoffMs: 0 },
    ...options,
  });
  opened.push(gateway);
  return gateway;
}

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }], max_tokens: 10 };

async function ask(gateway: Gateway): Promise<string> {
  try {
    await gateway.chat.completions.create(request);
    return 'ok';
  } catch (error) {
    return (error as GatewayError).code;
  }
}

test('a deployment whose budget is used up is passed over, and told when there is no other', async () => {
  const gateway = open([deployment('a', { budgetNanoUsd: 25, order: 0 }), deployment('b', { budgetNanoUsd: 10, order: 1 })]);
  const outcomes = [await ask(gateway), await ask(gateway), await ask(gateway), await ask(gateway)];
  expect(outcomes).toEqual(['ok', 'ok', 'ok', 'deployments_over_budget']);
  expect(asked).toEqual(['a', 'a', 'b']);
});

test('a provider has one budget over all its deployments, and over all gateways that share a store', async () => {
  const store = memoryStore();
  const options: GatewayOptions = { store, budget: { providers: { p: { budgetNanoUsd: 40 } } } };
  const gateways = [open([deployment('a'), deployment('b')], options), open([deployment('c')], options)];
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(gateways[index % 2] as Gateway)));
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(4);
  expect(new Set(outcomes)).toEqual(new Set(['ok', 'deployments_over_budget']));
});

test('calls go on to another group whose provider has money', async () => {
  const gateway = open([deployment('a')], {
    models: [
      { name: 'm', deployments: [deployment('a')], fallbacks: ['other'] },
      { name: 'other', deployments: [deployment('b', { provider: 'q' })] },
    ],
    budget: { providers: { p: { budgetNanoUsd: 10, budgetWindow: { length: '1d' } } } },
  });
  expect([await ask(gateway), await ask(gateway), await ask(gateway)]).toEqual(['ok', 'ok', 'ok']);
  expect(asked).toEqual(['a', 'b', 'b']);
});

test('nobody who has failed is charged, and nothing stays held', async () => {
  const store = memoryStore();
  const gateway = open([deployment('bad', { budgetNanoUsd: 10, order: 0 }), deployment('a', { budgetNanoUsd: 1000, order: 1 })], { store });
  for (let count = 0; count < 5; count += 1) expect(await ask(gateway)).toBe('ok');
  await gateway.idle();
  expect([await store.total('budget:deployment:bad'), await store.total('budget:deployment:a')]).toEqual([0, 50]);
});

test('a stream is charged for what it was, also when it breaks off', async () => {
  const store = memoryStore();
  const gateway = open([deployment('a', { budgetNanoUsd: 100 })], { store });
  for await (const _ of await gateway.chat.completions.create({ ...request, stream: true })) void _;
  await gateway.idle();
  expect(await store.total('budget:deployment:a')).toBe(4);
  const broken = open([deployment('broken', { budgetNanoUsd: 100 })], { store });
  await expect(
    (async () => {
      for await (const _ of await broken.chat.completions.create({ ...request, stream: true })) void _;
    })(),
  ).rejects.toThrow();
  await broken.idle();
  const charged = await store.total('budget:deployment:broken');
  expect(charged).toBeGreaterThan(0);
  expect(charged).toBeLessThan(10);
});

test('a budget that rolls is corrected to what was used', async () => {
  const store = memoryStore();
  const gateway = open([deployment('a', { budgetNanoUsd: 100, budgetWindow: { length: '1d', alignment: 'rolling' } })], { store });
  for (let count = 0; count < 3; count += 1) await ask(gateway);
  await gateway.idle();
  expect(await store.total('budget:deployment:a', 86_400_000)).toBe(30);
});

test('what was spent before is known from the ledger', async () => {
  const spentSince = (whose: Spender): Promise<number> => Promise.resolve(whose.kind === 'provider' && whose.id === 'p' ? 95 : 0);
  const gateway = open([deployment('a')], { budget: { providers: { p: { budgetNanoUsd: 100 } } }, ledger: { append: () => Promise.resolve(), spentSince } });
  expect(await ask(gateway)).toBe('deployments_over_budget');
});

test('a model without a price has no budget to be called within', async () => {
  const { price: _, ...unpriced } = deployment('a', { budgetNanoUsd: 100 });
  expect(await ask(open([unpriced]))).toBe('model_unpriced');
});

test('mistakes are told at the start', () => {
  const mistakes = () => open([deployment('a', { budgetWindow: { length: '1x' } })], { budget: { providers: { p: { budgetNanoUsd: -1 } } } });
  expect(mistakes).toThrow(/models\[0\]\.deployments\[0\]\.budgetWindow.*\n.*|budget\.providers\.p\.budgetNanoUsd: -1/);
});
