import { afterEach, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Deployment } from '../types/model.ts';
import type { Provider } from './provider.ts';

const opened: Gateway[] = [];
let asked: string[] = [];
let usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

const provider: Provider = {
  name: 'p',
  operations: {
    chat: {
      toRequest: ({ deployment }) => ({ url: 'p:', headers: {}, body: deployment.id }),
      toError: () => new GatewayError('upstream_error', 'down', { retryable: true }),
    },
  },
  send({ body }) {
    asked.push(String(body));
    const status = String(body).startsWith('bad') ? 500 : 200;
    const text = JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
      usage,
    });
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    }
    return Promise.resolve({ status, headers: { 'content-type': 'application/json' }, body: bytes() });
  },
};
const d = (id: string, more: Partial<Deployment>): Deployment => ({ id, provider: 'p', model: 'm', ...more });

function open(deployments: readonly Deployment[], options: GatewayOptions = {}): Gateway {
  const models = [{ name: 'm', deployments }];
  const gateway = createGateway({ auth: false, providers: [provider], models, ...options, router: { enforceRates: true, ...options.router } });
  opened.push(gateway);
  return gateway;
}

const call = (gateway: Gateway, more: object = {}): Promise<unknown> =>
  gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }], max_tokens: 10, ...more });

async function outcomes(gateways: readonly Gateway[], count: number): Promise<string[]> {
  const calls = Array.from({ length: count }, (_, index) => call(gateways[index % gateways.length] as Gateway));
  return (await Promise.allSettled(calls)).map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as GatewayError).code));
}

afterEach(async () => {
  asked = [];
  usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  for (const gateway of opened.splice(0)) await gateway.close();
});

it('calls each deployment as often as its provider allows and no more, over two gateways that share a store', async () => {
  const store = memoryStore();
  const deployments = [d('one', { requestsPerMinute: 3 }), d('two', { requestsPerMinute: 4 })];
  const gateways = [1, 2].map(() => open(deployments, { store, router: { retries: 0 } }));
  const results = await outcomes(gateways, 20);
  expect(results.filter((result) => result === 'ok')).toHaveLength(7);
  expect(results.filter((result) => result === 'deployments_busy')).toHaveLength(13);
  expect([asked.filter((id) => id === 'one').length, asked.filter((id) => id === 'two').length]).toEqual([3, 4]);
});

it('says when there is room again, and goes to a fallback until then', async () => {
  const gateway = open([d('one', { requestsPerMinute: 1 })]);
  await call(gateway);
  const refusal = await call(gateway).catch((error: unknown) => error as GatewayError);
  expect(refusal).toMatchObject({ code: 'deployments_busy', status: 503 });
  expect((refusal as GatewayError).retryAfterMs).toBeGreaterThan(0);
  gateway.models.add({ name: 'other', deployments: [d('elsewhere', {})] });
  gateway.models.update('m', { fallbacks: ['other'] });
  await call(gateway);
  expect(asked).toEqual(['one', 'elsewhere']);
});

it('counts tokens as estimated while a call is under way and as used afterwards, and those of a failed try not', async () => {
  const gateway = open([d('one', { tokensPerMinute: 100 })], { router: { retries: 0 } });
  usage = { prompt_tokens: 40, completion_tokens: 50, total_tokens: 90 };
  await call(gateway);
  await gateway.idle();
  await expect(call(gateway)).rejects.toMatchObject({ code: 'deployments_busy' });

  const failing = open([d('bad', { tokensPerMinute: 30 })], { router: { retries: 0, cooldownMs: 0 } });
  for (let round = 0; round < 5; round += 1) {
    await expect(call(failing)).rejects.toMatchObject({ code: 'upstream_error' });
    await failing.idle();
  }
});

it('is off unless it was asked for, and can be turned on while the gateway runs', async () => {
  const gateway = open([d('one', { requestsPerMinute: 1 })], { router: { enforceRates: false } });
  expect(await outcomes([gateway], 3)).toEqual(['ok', 'ok', 'ok']);
  gateway.updateConfig({ router: { enforceRates: true } });
  expect(await outcomes([gateway], 2)).toEqual(['ok', 'deployments_busy']);
});
