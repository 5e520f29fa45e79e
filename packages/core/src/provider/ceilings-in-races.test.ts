import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Deployment } from '../types/model.ts';
import type { Provider, WireResponse } from './provider.ts';

type Models = NonNullable<GatewayOptions['models']>;

const MINUTE_MS = 60_000;
const USAGE = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
const CEILINGS = { requestsPerMinute: 1_000, tokensPerMinute: 100_000 };

let gateway: Gateway | undefined;
let store: Store;
let delays: Record<string, number>;
let asked: string[];

beforeEach(() => {
  [delays, asked, store] = [{}, [], memoryStore()];
});
afterEach(() => gateway?.close());

/** Answers after the deployment's own time, and hears when nobody waits for it any more. */
const provider: Provider = {
  name: 'p',
  operations: {
    chat: {
      toRequest: ({ deployment, request }) => ({ url: request.stream === true ? 'p:stream' : 'p:', headers: {}, body: deployment.id }),
      toError: () => new GatewayError('upstream_error', 'down', { retryable: true }),
    },
  },
  send: ({ url, body }, { signal }) =>
    new Promise((resolve, reject) => {
      asked.push(String(body));
      const timer = setTimeout(() => resolve(url === 'p:stream' ? streamed() : whole()), delays[String(body)] ?? 0);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

function whole(): WireResponse {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }];
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: bytes(JSON.stringify({ id: 'c', object: 'chat.completion', choices, usage: USAGE })),
  };
}

function streamed(): WireResponse {
  const chunk = (choices: object[], more: object = {}): string => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  const text = `${chunk([{ index: 0, delta: { content: 'x' } }])}${chunk([], { usage: USAGE })}data: [DONE]\n\n`;
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: bytes(text) };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const deployment = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, provider: 'p', model: 'm', ...CEILINGS, ...more });

function open(models: Models, router: GatewayOptions['router'] = {}): Gateway {
  return (gateway = createGateway({ auth: false, providers: [provider], models, store, router: { retries: 0, enforceRates: true, ...router } }));
}

function ask(gate: Gateway, model: string, more: object = {}): Promise<unknown> {
  return gate.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }], max_tokens: 10, ...more });
}

/** Only streams are hedged: what counts is when they begin. */
async function read(gate: Gateway): Promise<void> {
  for await (const _ of await gate.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }], max_tokens: 10 }));
}

/** Takes all requests that a deployment may have. */
async function fill(id: string): Promise<void> {
  await store.reserve([{ key: `requests:deployment:${id}`, amount: CEILINGS.requestsPerMinute, limit: CEILINGS.requestsPerMinute, windowMs: MINUTE_MS }]);
}

/** What counts of a deployment: requests, and tokens. */
async function counted(id: string): Promise<readonly number[]> {
  return Promise.all([store.total(`requests:deployment:${id}`, MINUTE_MS), store.total(`tokens:deployment:${id}`, MINUTE_MS)]);
}

describe('what providers allow, in a race', () => {
  const two: Models = [
    { name: 'a', deployments: [deployment('slow')] },
    { name: 'b', deployments: [deployment('fast')] },
  ];

  it('is claimed by each that is asked while it runs, and the loser keeps its request and gives its tokens back', async () => {
    delays = { slow: 5_000, fast: 50 };
    const gate = open(two);
    const racing = ask(gate, 'a,b', { fastest_response: true });
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const [slowRequests = 0, slowTokens = 0] = await counted('slow');
    expect([slowRequests, slowTokens > 10]).toEqual([1, true]);
    await racing;
    await gate.idle();
    expect(await counted('fast')).toEqual([1, 25]);
    expect(await counted('slow')).toEqual([1, 0]);
  });

  it('keeps out whoever has no room, who is not asked, and the other one answers', async () => {
    delays = { slow: 30 };
    const gate = open(two);
    await fill('fast');
    await ask(gate, 'a,b', { fastest_response: true });
    await gate.idle();
    expect(asked).toEqual(['slow']);
    expect([await counted('slow'), await counted('fast')]).toEqual([
      [1, 25],
      [CEILINGS.requestsPerMinute, 0],
    ]);
  });
});

describe('what providers allow, where a slow answer is hedged', () => {
  const group: Models = [{ name: 'm', deployments: [deployment('first', { weight: 1 }), deployment('second', { weight: 0 })] }];
  const hedge = { minDelayMs: 10, maxPercent: 100 };

  /** Until it is known what is usual; then the first one is slow. */
  async function learned(): Promise<Gateway> {
    const gate = open(group, { hedge });
    for (let call = 0; call < 20; call += 1) await read(gate);
    await gate.idle();
    asked = [];
    delays = { first: 5_000 };
    return gate;
  }

  it('is claimed by the hedge as well, and the slow one gives its tokens back', async () => {
    const gate = await learned();
    const [requests = 0, tokens = 0] = await counted('first');
    await read(gate);
    await gate.idle();
    expect(asked).toEqual(['first', 'second']);
    expect([await counted('first'), await counted('second')]).toEqual([
      [requests + 1, tokens],
      [1, 25],
    ]);
  });

  it('keeps a hedge away from who has no room, and the slow one is waited for', async () => {
    const gate = await learned();
    await fill('second');
    delays = { first: 100 };
    await read(gate);
    await gate.idle();
    expect(asked).toEqual(['first']);
    expect(await counted('second')).toEqual([CEILINGS.requestsPerMinute, 0]);
  });
});

describe('what a deployment may spend, in a race', () => {
  it('is held for nobody once the race is over, however late the store has answered the loser', async () => {
    const price = { input: 1_000_000, output: 1_000_000 };
    const inner = memoryStore();
    // Longer than a loser is waited for.
    const reserve: Store['reserve'] = async (claims) => {
      if (claims.some(({ key }) => key.includes('late'))) await new Promise((resolve) => setTimeout(resolve, 1_300));
      return inner.reserve(claims);
    };
    store = { ...inner, reserve };
    const gate = open([
      { name: 'a', deployments: [deployment('late', { price, budgetNanoUsd: 1e12 })] },
      { name: 'b', deployments: [deployment('fast', { price })] },
    ]);
    await ask(gate, 'a,b', { fastest_response: true });
    await gate.idle();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([await inner.total('budget:deployment:late'), await inner.total('tokens:deployment:late', MINUTE_MS)]).toEqual([0, 0]);
    expect(asked).toEqual(['fast']);
  });
});
