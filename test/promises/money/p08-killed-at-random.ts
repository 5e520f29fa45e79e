import { sqlLedger } from '@sluice/store-sql';
import { after, answer, type Script, startUpstream, stream } from '../../governance/support/upstream.ts';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call } from '../support/call.ts';
import { forkInstance } from '../support/fork-instance.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import type { InstanceOptions } from '../support/instance.ts';
import { KEY, PAID } from '../support/paid-model.ts';
import { until } from '../support/until.ts';

const RATE = 50;
const LEASE_MS = 3_000;
/** From its first answer on, a gateway lives for this long at most. */
const LONGEST_LIFE_S = 1;

export const proof: Proof = {
  id: 'P08',
  promise: 'No finished response lacks a row of spend',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['one'], (site) => killedAtRandom(run, site)),
};

async function killedAtRandom(run: Run, site: GovernedSite): Promise<Evidence> {
  const lives = Array.from({ length: run.scaled(200, 2) }, () => 0.1 + run.random() * (LONGEST_LIFE_S - 0.1));
  const lanes = Array.from({ length: run.scaled(3, 1) }, (_, lane) => `lane-${lane}`);
  const upstream = await startUpstream(mixed);
  const options: InstanceOptions = {
    models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
    keys: [{ id: 'k', key: KEY, budgetNanoUsd: 1e15 }],
    redis: { timeoutMs: 10_000, leaseMs: LEASE_MS },
  };
  const answered: string[] = [];

  /** A gateway under calls that is killed in the midst of them. What it leaves behind, the next one of its lane carries on. */
  async function live(index: number, lane: string): Promise<void> {
    const gateway = await forkInstance({ ...options, ...site.backing(lane) });
    const ask = async (count: number): Promise<void> => {
      const user = `${index}-${count}`;
      const isStream = count % 2 === 0;
      const { status, text } = await call(gateway.url, 'm', { user, max_tokens: 10, stream: isStream }, { authorization: `Bearer ${KEY}` });
      if (status === 200 && (!isStream || text.endsWith('data: [DONE]\n\n'))) answered.push(user);
    };
    // The first call opens connections, and makes tables.
    await ask(0);
    setTimeout(() => gateway.process.kill('SIGKILL'), 1_000 * (lives[index] ?? 0));
    await atRate(RATE, LONGEST_LIFE_S, (count) => ask(count + 1));
  }

  try {
    const [witness] = await site.open(options);
    let next = 0;
    await Promise.all(
      lanes.map(async (lane) => {
        for (let mine = next++; mine < lives.length; mine = next++) await live(mine, lane);
      }),
    );
    for (const lane of lanes) await carryOn(site, lane);
    const rows = await rowsByEndUser(site);
    const totals = async (): Promise<readonly number[]> => (await witness?.totals(['budget:key:k', 'spend:key:k'])) ?? [];
    await until(async () => new Set(await totals()).size === 1).catch(() => undefined);
    const [budget = 0, spent = 0] = await totals();
    const { costNanoUsd } = await site.books('k');
    return {
      test: `kill -9 at random instants under ${RATE} calls a second, half of them streams`,
      n: lives.length,
      checks: [
        none(
          'answered and without a row',
          answered.filter((user) => !rows.has(user)),
          answered.length,
        ),
        none(
          'recorded twice',
          [...rows].filter(([, count]) => count > 1).map(([user]) => user),
          rows.size,
        ),
        none('gateways that answered nothing', lives.length - new Set(answered.map((user) => user.split('-')[0])).size, lives.length),
        exactly('recorded and not counted', Math.max(0, costNanoUsd - spent), 0, { unit: 'nano-dollars' }),
        exactly('held at rest', budget - spent, 0, { unit: 'nano-dollars' }),
      ],
    };
  } finally {
    await upstream.close();
  }
}

const mixed: Script = (request) =>
  request.body.stream === true
    ? stream({ chunks: 10, everyMs: 5, usage: { prompt_tokens: 10, completion_tokens: 10 } })(request)
    : after(20, answer())(request);

/** What the last gateway of a lane has left in its journal goes to the database. */
async function carryOn(site: GovernedSite, lane: string): Promise<void> {
  const { ledger: books } = site.backing(lane);
  if (!books) throw new Error('There is no ledger here');
  const ledger = sqlLedger(books);
  await ledger.flush();
  await ledger.close();
}

async function rowsByEndUser(site: GovernedSite): Promise<ReadonlyMap<string, number>> {
  const { ledger: books } = site.backing('reader');
  if (!books) throw new Error('There is no ledger here');
  const ledger = sqlLedger(books);
  const rows = await ledger.reports.spendBy({ from: 0, to: Date.now() + 86_400_000, by: ['end_user'], where: { key: ['k'] } });
  await ledger.close();
  return new Map(rows.map(({ end_user: user = '', calls }) => [user, calls]));
}
