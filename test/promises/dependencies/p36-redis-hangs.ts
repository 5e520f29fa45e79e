import { startRedis } from '@sluice/testing/servers';
import { TOKEN_NANO_USD } from '../support/paid-model.ts';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { duringOutage } from '../support/outage.ts';

export const proof: Proof = {
  id: 'P36',
  promise: 'Redis hanging or killed costs one trip of a breaker, and nothing that was spent',
  lacks: lacksServers,
  prove: async (run) => [
    ...(await overSites(run, ['one'], (site) => outage(run, site, 'hangs'))),
    ...(await overSites(run, run.isShort ? ['one'] : ['one', 'two'], (site) => outage(run, site, 'is killed, and comes back empty'))),
  ],
};

async function outage(run: Run, site: GovernedSite, how: 'hangs' | 'is killed, and comes back empty'): Promise<Evidence> {
  const seconds = run.scaled(30, 3);
  const redis = site.redis;
  if (!redis) throw new Error('There is no Redis here');
  let again: Awaited<ReturnType<typeof startRedis>> | undefined;
  try {
    const { calls, errors, addedP99Ms, tallies, rows, made, instances } = await duringOutage(run, site, {
      seconds,
      more: { onStoreError: 'open' },
      async away() {
        if (how === 'hangs') redis.process.kill('SIGSTOP');
        else await redis.stop();
        return async () => {
          if (how === 'hangs') redis.process.kill('SIGCONT');
          else again = await startRedis({ port: Number(new URL(redis.url).port) });
          await new Promise((resolve) => setTimeout(resolve, 2_500));
        };
      },
    });
    const { costNanoUsd } = await site.books('k');
    const [budget = 0] = (await instances[0]?.totals(['budget:key:k'])) ?? [];
    return {
      test: `Redis ${how}, for ${seconds} s under 50 calls a second that may go on without it`,
      n: calls.length,
      checks: [
        none('client errors', errors, calls.length),
        atMost('added p99', addedP99Ms, 50, { unit: 'ms', bearable: 5_000 }),
        atMost('times it was told', Math.max(...tallies.map(({ told }) => told.length)), how === 'hangs' ? 2 : 3, { bearable: 10 }),
        exactly('rows lost', made - rows, 0),
        exactly('counter and ledger apart', Math.abs(budget - costNanoUsd) / (10 * TOKEN_NANO_USD), 0, { unit: 'cents' }),
      ],
    };
  } finally {
    await again?.stop();
  }
}
