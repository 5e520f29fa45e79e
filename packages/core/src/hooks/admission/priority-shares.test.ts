import { expect, test } from 'vitest';
import type { GatewayError } from '../../errors/gateway-error.ts';
import { createGateway } from '../../gateway/create-gateway.ts';
import { modelRegistry } from '../../models/model-registry.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { admission, type AdmissionOptions } from '../admission.ts';
import { callOf, complete, runHook } from '../hook-bench.test.support.ts';

const NOON = Date.UTC(2026, 2, 4, 12);
const models = modelRegistry([
  {
    name: 'm',
    deployments: [
      { id: 'a', provider: 'p', model: 'm', requestsPerMinute: 60, tokensPerMinute: 100_000 },
      { id: 'b', provider: 'p', model: 'm', requestsPerMinute: 40, tokensPerMinute: 100_000 },
    ],
  },
  { name: 'unknown', deployments: [{ id: 'c', provider: 'p', model: 'm' }] },
]);
const priority = { shares: { prod: 0.8, dev: 0.1 }, defaultShare: 0.05, saturation: 0.5 };

function bench(options: Partial<AdmissionOptions> = {}, store = memoryStore({ now: () => NOON })) {
  const hook = admission({ store, models, priority, now: () => NOON, ...options });
  return async (name: string | undefined, count: number, model = 'm'): Promise<number> => {
    let admitted = 0;
    for (let call = 0; call < count; call += 1) {
      const metadata = name === undefined ? {} : { priority: name };
      const ctx = callOf({ model, max_tokens: 10 }, { principal: { keyId: `k-${name}`, metadata } });
      const { error } = await runHook(hook, ctx, () => {
        ctx.deployment = models.resolve(model)?.deployments[0];
        ctx.usage = { inputTokens: 1, outputTokens: 1 };
        return complete({});
      });
      if (error === undefined) admitted += 1;
      else expect(error as GatewayError).toMatchObject({ code: 'rate_limited', status: 429 });
      expect(ctx.headers?.['x-ratelimit-limit-requests']).toBeUndefined();
    }
    return admitted;
  };
}

test('below saturation everybody may use all of a model, and above it nobody goes beyond their share', async () => {
  const call = bench();
  expect(await call('dev', 50)).toBe(50);
  expect(await call('dev', 10)).toBe(0);
  expect(await call('prod', 100)).toBe(80);
  expect(await call(undefined, 10)).toBe(5);
  expect(await call('made up', 10)).toBe(0);
});

test('shares hold over all gateways that share a store', async () => {
  const store = memoryStore({ now: () => NOON });
  const [one, other] = [bench({}, store), bench({}, store)];
  await one('prod', 50);
  expect((await one('dev', 20)) + (await other('dev', 20))).toBeLessThanOrEqual(11);
});

test('a model of which nobody knows what its providers allow has no shares', async () => {
  expect(await bench()('dev', 500, 'unknown')).toBe(500);
});

test('shares that come to more than there is are a mistake', () => {
  expect(() => createGateway({ auth: false, limits: { priority: { shares: { a: 0.9, b: 0.2 }, saturation: 2 } } })).toThrow(
    /limits\.priority\.shares: come to 1\.1, and all there is is 1[^]*limits\.priority\.saturation: 2 is no share between 0 and 1/,
  );
});
