import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { percentile } from '../../support/percentile.ts';
import { atMost, between, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call, type Called, failures, times } from '../support/call.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import { KEY, PAID } from '../support/paid-model.ts';

const UPSTREAM_MS = 200;
/** What A may ask a second, and how much more it asks; what B asks. */
const ALLOWED = 20;
const TIMES = 10;
const RATE_OF_B = 20;

export const proof: Proof = {
  id: 'P18',
  promise: 'One tenant at its limit does not slow another',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['memory'] : ['memory', 'one', 'two'], (site) => besides(run, site)),
};

async function besides(run: Run, site: GovernedSite): Promise<Evidence> {
  const seconds = run.scaled(30, 2);
  const limit = run.scaled(ALLOWED * 60, ALLOWED);
  const upstream = await startUpstream(after(UPSTREAM_MS, answer()));
  try {
    const instances = await site.open({
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: [
        { id: 'a', key: `${KEY}-a`, teamId: 'a', limits: { requestsPerMinute: limit }, budgetNanoUsd: 1e15 },
        { id: 'b', key: `${KEY}-b`, teamId: 'b', limits: { requestsPerMinute: 1e6 }, budgetNanoUsd: 1e15 },
      ],
      redis: { timeoutMs: 2_000 },
    });
    const one = (tenant: string) => (index: number) =>
      call(instances[index % instances.length]?.url ?? '', 'm', { max_tokens: 10 }, { authorization: `Bearer ${KEY}-${tenant}` });
    const ofB = (): Promise<PromiseSettledResult<Called>[]> => atRate(RATE_OF_B, seconds, one('b'));
    const before = await ofB();
    // A minute's worth of A, so that it is at its limit from the beginning.
    for (let filled = 0; filled < limit; filled += ALLOWED) await Promise.all(Array.from({ length: ALLOWED }, (_, index) => one('a')(index)));
    const [during, fromA] = await Promise.all([ofB(), atRate(ALLOWED * TIMES, seconds, one('a'))]);
    const afterwards = await ofB();
    const alone = percentile(times([...before, ...afterwards]), 0.99);
    const beside = percentile(times(during), 0.99);
    const refused = fromA.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.status === 429).length;
    return {
      test: `A asks ${ALLOWED * TIMES} times a second against ${ALLOWED}, B ${RATE_OF_B} times, of an upstream that takes ${UPSTREAM_MS} ms`,
      n: during.length,
      checks: [
        none('errors of B', failures(during), during.length),
        atMost('p99 of B beside A, to its p99 alone', beside / alone, 1.2, { bearable: 10 }),
        between('share of A refused', [refused / fromA.length, refused / fromA.length], [1 - 1 / TIMES - 0.05, 1]),
      ],
    };
  } finally {
    await upstream.close();
  }
}
