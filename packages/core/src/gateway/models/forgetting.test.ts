import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Provider } from '../../provider/provider.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const provider: Provider = {
  name: 'p',
  operations: { chat: { toRequest: () => ({ url: 'p:', headers: {} }), toError: () => new GatewayError('upstream_rate_limited', 'no', { retryable: true }) } },
  send: () => Promise.resolve({ status: 429, headers: {}, body: noBytes() }),
};

async function* noBytes(): AsyncGenerator<Uint8Array> {}

const ask = (gateway: Gateway, model: string): Promise<unknown> =>
  gateway.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] }).catch(() => undefined);

it('forgets a removed model with all that was known of it: breakers, load, aliases, and names behind wildcards', async () => {
  const gateway = createGateway({
    auth: false,
    providers: [provider],
    onError: () => undefined,
    models: [{ name: 'stays', deployments: [{ id: 's', provider: 'p', model: 's', parallelCalls: 3 }] }],
    router: { retries: 0 },
  });
  const gone: WeakRef<object>[] = [];
  const note = (name: string): unknown => gone.push(...(gateway.models.resolve(name)?.deployments ?? []).map((deployment) => new WeakRef(deployment)));
  for (let round = 0; round < 20; round += 1) {
    gateway.updateConfig({
      models: [
        { name: 'stays', deployments: [{ id: 's', provider: 'p', model: 's', parallelCalls: 3 }] },
        { name: 'm', deployments: [{ id: `m${round}`, provider: 'p', model: 'm', parallelCalls: 2 }] },
        { name: 'p/*', deployments: [{ id: `w${round}`, provider: 'p', model: '*' }] },
      ],
      aliases: { both: ['m', 'stays'] },
    });
    for (const model of ['m', 'both', `p/${round}`, `m${round}`]) await ask(gateway, model);
    note('m');
    note(`p/${round}`);
  }
  gateway.updateConfig({ models: [{ name: 'stays', deployments: [{ id: 's', provider: 'p', model: 's', parallelCalls: 3 }] }], aliases: { both: undefined } });
  await ask(gateway, 'stays');
  await gateway.idle();
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
  }
  expect(gone.length).toBeGreaterThan(30);
  expect(gone.filter((reference) => reference.deref() !== undefined)).toEqual([]);
  await gateway.close();
});
