import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { modelRegistry } from '../models/model-registry.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Deployment } from '../types/model.ts';
import { DeploymentBook } from './deployment-book.ts';
import { SharedCooldowns } from './shared-cooldowns.ts';

const limited = (retryAfterMs: number) => new GatewayError('upstream_rate_limited', 'slow down', { retryAfterMs });

/** Instances with monotonic clocks of their own and one store. */
function setUp(count: number) {
  let epoch = 1_700_000_000_000;
  const store = memoryStore({ now: () => epoch });
  const errors: unknown[] = [];
  const instances = Array.from({ length: count }, (_, index) => {
    const now = () => epoch - 1_700_000_000_000 + 1_000 * (index + 1);
    const models = modelRegistry([{ name: 'm', deployments: ['a', 'b'].map((id) => ({ id, provider: 'p', model: id })) }]);
    const book = new DeploymentBook(now);
    const shared = new SharedCooldowns({ store, book, models, onError: (error) => errors.push(error), everyMs: 1e6, wallClock: () => epoch });
    const deployment = models.groups[0]?.deployments[0] as Deployment;
    const leftMs = () => Math.round((book.breaker(deployment)?.until ?? now()) - now());
    return { book, shared, deployment, leftMs };
  });
  return { store, errors, instances, pass: (ms: number) => void (epoch += ms) };
}

describe('SharedCooldowns (P32)', () => {
  it('tells others at once, on clocks of their own, and of nobody who is well', async () => {
    const { instances, store } = setUp(2);
    const [one, two] = instances;
    one?.book.noteFailure(one.deployment, limited(20_000));
    await one?.shared.exchange();
    await two?.shared.exchange();
    expect([one?.leftMs(), two?.leftMs()]).toEqual([20_000, 20_000]);
    expect(Object.keys(JSON.parse((await store.get('router:cooldowns')) ?? '{}'))).toEqual(['a']);
  });

  it('keeps the longer deadline, whoever writes last', async () => {
    const { instances } = setUp(3);
    const [one, two, three] = instances;
    one?.book.noteFailure(one.deployment, limited(30_000));
    two?.book.noteFailure(two.deployment, limited(5_000));
    await one?.shared.exchange();
    await two?.shared.exchange();
    await three?.shared.exchange();
    expect([one?.leftMs(), two?.leftMs(), three?.leftMs()]).toEqual([30_000, 30_000, 30_000]);
  });

  it('makes true again what another has overwritten', async () => {
    const { instances, store } = setUp(2);
    const [one, two] = instances;
    one?.book.noteFailure(one.deployment, limited(30_000));
    await one?.shared.exchange();
    await store.set('router:cooldowns', '{}');
    await one?.shared.exchange();
    await two?.shared.exchange();
    expect(two?.leftMs()).toBe(30_000);
  });

  it('holds for random failures on random instances: everybody ends with the longest, and none is ever shortened', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    const { instances, pass } = setUp(3);
    let longest = 0;
    let clock = 0;
    for (let step = 0; step < 2_000; step += 1) {
      const instance = instances[Math.floor(random() * instances.length)];
      const before = instance?.book.breaker(instance.deployment)?.until ?? 0;
      if (random() < 0.1) {
        const ms = 1_000 + Math.floor(random() * 50_000);
        instance?.book.noteFailure(instance.deployment, limited(ms));
        longest = Math.max(longest, clock + ms);
      } else await instance?.shared.exchange();
      expect(instance?.book.breaker(instance.deployment)?.until ?? 0).toBeGreaterThanOrEqual(before);
      const ms = Math.floor(random() * 100);
      pass(ms);
      clock += ms;
    }
    for (let round = 0; round < 2; round += 1) for (const { shared } of instances) await shared.exchange();
    const left = instances.map(({ leftMs }) => Math.max(0, leftMs()));
    for (const ms of left) expect(Math.abs(ms - Math.max(0, longest - clock))).toBeLessThanOrEqual(2);
  });

  it('says once that the store is away, and again after it was back', async () => {
    const { instances, errors, store } = setUp(1);
    const get = store.get;
    store.get = () => Promise.reject(new Error('away'));
    for (let index = 0; index < 3; index += 1) await instances[0]?.shared.exchange();
    expect(errors).toHaveLength(1);
    store.get = get;
    await instances[0]?.shared.exchange();
    store.get = () => Promise.reject(new Error('away'));
    await instances[0]?.shared.exchange();
    expect(errors).toHaveLength(2);
  });
});
