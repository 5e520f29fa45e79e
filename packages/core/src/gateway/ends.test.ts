import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { defineHook, type Hook } from '../pipeline/hook.ts';
import { defineProvider } from '../provider/provider.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Outcome } from '../types/call.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './options.ts';

const gateways: Gateway[] = [];
const unheard: unknown[] = [];
const hear = (error: unknown): void => void unheard.push(error);

process.on('unhandledRejection', hear);
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
  expect(unheard.splice(0)).toEqual([]);
});

/** A gateway whose upstream sends `events` and then nothing for ever, until the call is given up. */
function gatewayOver(
  events: readonly string[],
  hooks: readonly Hook[],
  options: Partial<GatewayOptions> = {},
): { readonly gateway: Gateway; readonly seen: { aborted: number; outcomes: Outcome[] } } {
  const seen = { aborted: 0, outcomes: [] as Outcome[] };
  const watch = defineHook({
    name: 'watch',
    phase: 'logger',
    handle(ctx, next) {
      ctx.defer((outcome) => void seen.outcomes.push(outcome));
      ctx.signal.addEventListener('abort', () => (seen.aborted += 1));
      return next();
    },
  });
  const answer = defineHook({ name: 'answer', phase: 'cache', handle: (ctx) => Promise.resolve({ kind: 'stream', batches: silentAfter(events, ctx) }) });
  const provider = defineProvider({
    name: 'p',
    operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new GatewayError('upstream_error', '') } },
  });
  const gateway = createGateway({
    providers: [provider],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'm', baseUrl: 'http://127.0.0.1:1' }] }],
    auth: false,
    hooks: [watch, ...hooks, answer],
    ...options,
  });
  gateways.push(gateway);
  return { gateway, seen };
}

async function* silentAfter(events: readonly string[], ctx: Context): AsyncGenerator<Batch> {
  yield { events: events.map((text) => LazyJson.ofText(text)) };
  await new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(new GatewayError('aborted', ''))));
}

const request = { model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] } as const;

describe('every call ends', () => {
  test('with a hook that fails once it has the answer: the stream that nobody gets is cut', async () => {
    const failing = defineHook({
      name: 'failing',
      phase: 'guardrail',
      async handle(_ctx, next) {
        await next();
        throw new GatewayError('guardrail_failed', 'too late');
      },
    });
    const { gateway, seen } = gatewayOver(['{}'], [failing]);
    await expect(gateway.chat.completions.create(request)).rejects.toMatchObject({ code: 'guardrail_failed' });
    await gateway.idle();
    expect(seen).toMatchObject({ aborted: 1, outcomes: [{ status: 'error', error: { code: 'guardrail_failed' } }] });
  });

  test.each([
    ['the event itself', '{"a": oops}'],
    ['its usage', '{"choices":[],"usage": oops}'],
  ])('in this process, with an event that is not JSON (%s)', async (_, event) => {
    const counting = defineHook({
      name: 'counting',
      phase: 'guardrail',
      handle(ctx, next) {
        ctx.usage = { inputTokens: 1, outputTokens: 1 };
        return next();
      },
    });
    const { gateway, seen } = gatewayOver([event], [counting]);
    const reading = (async () => {
      for await (const _chunk of await gateway.chat.completions.create(request)) expect.unreachable();
    })();
    await expect(reading).rejects.toThrow(SyntaxError);
    await gateway.idle();
    expect(seen).toMatchObject({ aborted: 1, outcomes: [{ status: 'aborted' }] });
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a stream that the program has let go of ends', () => {
  test.each<[string, (gateway: Gateway) => Promise<unknown>]>([
    ['asked for by name', (gateway) => gateway.chat.completions.create(request)],
    [
      'asked for by fetch',
      (gateway) =>
        gateway.fetch('http://gateway/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) }),
    ],
  ])('%s', async (_, ask) => {
    const { gateway, seen } = gatewayOver(['{}'], []);
    const kept = await gateway.chat.completions.create(request);
    await ask(gateway);
    await expect.poll(() => (collectGarbage(), seen.outcomes.length), { interval: 50, timeout: 10_000 }).toBe(1);
    expect(seen.outcomes).toEqual([{ status: 'aborted' }]);
    for await (const _event of kept) break;
    await gateway.idle();
    expect(seen.outcomes).toHaveLength(2);
  });
});

describe('a host whose onError fails', () => {
  test.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw new Error('the log is full');
      },
    ],
    ['later', () => Promise.reject(new Error('the log is full'))],
  ])('%s does not lose the rest of a call, nor its process', async (_, fail) => {
    const ran: string[] = [];
    const deferring = defineHook({
      name: 'deferring',
      phase: 'guardrail',
      handle(ctx, next) {
        ctx.defer(() => void ran.push('outer'));
        ctx.defer(() => {
          throw new Error('a defect');
        });
        return next();
      },
    });
    const { gateway } = gatewayOver(['{}'], [deferring], { onError: () => fail() as undefined });
    for await (const _chunk of await gateway.chat.completions.create(request)) break;
    await gateway.idle();
    await new Promise(setImmediate);
    expect(ran).toEqual(['outer']);
  });
});
