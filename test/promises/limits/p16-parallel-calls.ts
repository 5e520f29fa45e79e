import { startUpstream, stream } from '../../governance/support/upstream.ts';
import { atMost, exactly } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { forkInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { leaveAfter } from '../support/leave-after.ts';
import { KEY, PAID } from '../support/paid-model.ts';

const PLACES = 20;
const LEASE_MS = 3_000;

export const proof: Proof = {
  id: 'P16',
  promise: 'Parallel calls hold, and no place is lost',
  lacks: lacksServers,
  prove: async (run) => [
    ...(await overSites(run, ['memory', 'two'], (site) => aborts(run, site))),
    ...(run.isShort ? [] : await overSites(run, ['one'], (site) => killed(run, site))),
  ],
};

const options = (upstreamUrl: string) => ({
  models: [groupOf('m', [upstreamUrl], {}, { price: PAID })],
  keys: [{ id: 'k', key: KEY, limits: { parallelCalls: PLACES } }],
  redis: { timeoutMs: 10_000, leaseMs: LEASE_MS },
});

async function aborts(run: Run, site: GovernedSite): Promise<Evidence> {
  const calls = run.scaled(200, 60);
  const upstream = await startUpstream(stream({ chunks: 20, everyMs: 20 }));
  try {
    const instances = await site.open(options(upstream.baseUrl));
    for (let wave = 0; wave < run.scaled(5, 2); wave += 1) {
      await Promise.all(
        Array.from({ length: calls }, (_, index) =>
          leaveAfter(`${instances[index % instances.length]?.url}`, KEY, index % 2 === 0 ? 20 + run.random() * 300 : undefined),
        ),
      );
    }
    for (const instance of instances) await instance.tally();
    const [places = -1] = (await instances[0]?.totals(['parallel:key:k'])) ?? [];
    return {
      test: `waves of ${calls} streams at once, half of them left, against ${PLACES} places`,
      n: calls * run.scaled(5, 2),
      checks: [atMost('under way upstream at most', upstream.peak, PLACES), exactly('places taken at rest', places, 0)],
    };
  } finally {
    await upstream.close();
  }
}

/** A second gateway takes all places and is killed. */
async function killed(run: Run, site: GovernedSite): Promise<Evidence> {
  const kills = run.scaled(10, 1);
  const upstream = await startUpstream(stream({ chunks: 10_000, everyMs: 50 }));
  let longest = 0;
  try {
    const [survivor] = await site.open(options(upstream.baseUrl));
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = await forkInstance({ ...options(upstream.baseUrl), ...site.backing(`victim-${kill}`) });
      const taken = Array.from({ length: PLACES }, () => leaveAfter(victim.url, KEY, 60_000));
      await until(async () => ((await survivor?.totals(['parallel:key:k'])) ?? [])[0] === PLACES);
      victim.process.kill('SIGKILL');
      const killedAt = performance.now();
      await Promise.all(taken);
      await until(async () => ((await survivor?.totals(['parallel:key:k'])) ?? [])[0] === 0);
      longest = Math.max(longest, performance.now() - killedAt);
    }
    return {
      test: `a gateway killed that has all ${PLACES} places, lease ${LEASE_MS / 1000} s`,
      n: kills,
      checks: [atMost('places back within', longest / 1000, LEASE_MS / 1000 + 1, { unit: 's' })],
    };
  } finally {
    await upstream.close();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const endsAt = performance.now() + 30_000; performance.now() < endsAt; await new Promise((resolve) => setTimeout(resolve, 50))) if (await isSo()) return;
  throw new Error('It was not so within 30 s');
}
