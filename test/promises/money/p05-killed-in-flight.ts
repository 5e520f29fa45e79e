import { startUpstream } from '../../governance/support/upstream.ts';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { forkInstance } from '../support/fork-instance.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import type { InstanceOptions } from '../support/instance.ts';
import { KEY, PAID, TOKEN_NANO_USD } from '../support/paid-model.ts';
import { until } from '../support/until.ts';

const LEASE_MS = 3_000;
/** What a gateway holds when it is killed. */
const CALLS = 5;
const HELD = CALLS * 10 * TOKEN_NANO_USD;

export const proof: Proof = {
  id: 'P05',
  promise: 'A crash cannot hold a reservation',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['one'], (site) => killedInFlight(run, site)),
};

async function killedInFlight(run: Run, site: GovernedSite): Promise<Evidence> {
  const kills = run.scaled(200, 2);
  const together = run.scaled(5, 2);
  const upstream = await startUpstream(() => undefined);
  const keys = Array.from({ length: together }, (_, index) => ({ id: `k${index}`, key: `${KEY}-${index}`, budgetNanoUsd: 1e12 }));
  const options: InstanceOptions = { models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })], keys, redis: { timeoutMs: 10_000, leaseMs: LEASE_MS } };
  const tookMs: number[] = [];
  try {
    const [survivor] = await site.open(options);
    const held = async (key: string): Promise<number> => ((await survivor?.totals([`budget:key:${key}`])) ?? [])[0] ?? -1;

    /** Opens a gateway, has it hold money for calls that are never answered, and kills it. */
    async function kill(index: number): Promise<void> {
      const { id, key } = keys[index % together] as (typeof keys)[number];
      const victim = await forkInstance({ ...options, ...site.backing(`victim-${index}`) });
      const calls = Array.from({ length: CALLS }, () => call(victim.url, 'm', { max_tokens: 10 }, { authorization: `Bearer ${key}` }));
      const ended = Promise.allSettled(calls);
      await until(async () => (await held(id)) === HELD);
      victim.process.kill('SIGKILL');
      const killedAt = performance.now();
      await ended;
      await until(async () => (await held(id)) === 0).catch(() => undefined);
      if ((await held(id)) === 0) tookMs.push(performance.now() - killedAt);
    }

    for (let from = 0; from < kills; from += together)
      await Promise.all(Array.from({ length: Math.min(together, kills - from) }, (_, index) => kill(from + index)));
    const late = tookMs.filter((ms) => ms > LEASE_MS + 1_000).length;
    return {
      test: `a gateway killed while it holds money for ${CALLS} calls, lease ${LEASE_MS / 1000} s`,
      n: kills,
      checks: [
        none('held for good', kills - tookMs.length, kills),
        ...(run.isShort ? [] : [none('given back later than a second after the lease', late, kills)]),
        atMost('given back within', Math.max(0, ...tookMs) / 1000, LEASE_MS / 1000 + 1, { unit: 's', bearable: 25 }),
        exactly(
          'spent',
          ((await survivor?.totals(keys.map(({ id }) => `spend:key:${id}`))) ?? []).reduce((sum, spent) => sum + spent, 0),
          0,
          { unit: 'nano-dollars' },
        ),
      ],
    };
  } finally {
    await upstream.close();
  }
}
