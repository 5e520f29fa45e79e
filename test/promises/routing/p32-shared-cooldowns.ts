import { hasRedis, startRedis } from '@sluice/testing/servers';
import type { Gateway } from '@sluice/core';
import { atMost, between, none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { mockUpstream, refuseWith } from '../support/mock-upstream.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

export const proof: Proof = {
  id: 'P32',
  promise: 'Cooldowns are shared and monotonic',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  async prove(run) {
    const groups = run.scaled(20, 3);
    const [long, short] = [run.scaled(20, 6), 2];
    const redis = await startRedis();
    // The first refusal of each deployment asks for a long rest, the second for a short one.
    const seen = new Set<string>();
    const upstream = await mockUpstream((res, request) => {
      const { url = '' } = request.req;
      refuseWith(429, { 'retry-after': String(seen.has(url) ? short : long) })(res, request);
      seen.add(url);
    });
    const names = Array.from({ length: groups }, (_, index) => `m${index}`);
    // The second deployment is never asked: its presence lets the first one be passed over.
    const models = names.map((name) => groupOf(name, [`${upstream.url}/${name}`, `${upstream.url}/spare`]));
    const options = { models, redisUrl: redis.url, router: { retries: 0 } };
    const [one, other] = await Promise.all([openInstance(options), openInstance(options)]);
    try {
      const heard = await Promise.all(
        names.map(async (name) => {
          await call(one.url, `${name}-0`);
          const restedAt = performance.now();
          await until(other.gateway, name, 'resting', 10_000);
          const heardAfter = performance.now() - restedAt;
          // Whoever heard of it asks all the same, and is told of a shorter rest.
          await call(other.url, `${name}-0`);
          const rested = await Promise.all([one, other].map(({ gateway }) => until(gateway, name, 'back', (long + 5) * 1000)));
          return { heardAfter, restedFor: rested.map((at) => (at - restedAt) / 1000) };
        }),
      );
      const rests = heard.flatMap(({ restedFor }) => restedFor);
      return [
        {
          test: `two gateways over one Redis: one is asked to wait ${long} s, then the other ${short} s for the same deployment`,
          n: groups,
          checks: [
            atMost('heard of by the other within', Math.max(...heard.map(({ heardAfter }) => heardAfter)) / 1000, 1, { unit: 's', bearable: 5 }),
            between('rested for, on both', [Math.min(...rests), Math.max(...rests)], [long - 0.5, long + 1.5], { unit: 's', bearable: long + 5 }),
            await ledgerCheck({ instances: [one, other], isShared: true, calls: 2 * groups, answered: 0, upstreams: [upstream] }),
            none('rests cut short', rests.filter((rest) => rest < long - 0.5).length, rests.length),
          ],
        },
      ];
    } finally {
      await Promise.all([one.close(), other.close()]);
      await upstream.close();
      await redis.stop();
    }
  },
};

/** When a gateway begins to pass over the deployment of a group, or ends to. */
async function until(gateway: Gateway, model: string, state: 'resting' | 'back', forMs: number): Promise<number> {
  for (const endsAt = performance.now() + forMs; performance.now() < endsAt; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const { candidates } = await gateway.explain({ model, messages: [] });
    if ((candidates[0]?.status === 'resting') === (state === 'resting')) return performance.now();
  }
  throw new Error(`${model} was not ${state} within ${forMs} ms`);
}
