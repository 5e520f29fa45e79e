import type { Proof } from '../frame/proof.ts';
import { overSites, lacksServers, type GovernedSite } from '../support/governed-sites.ts';
import { answer, startUpstream } from '../../governance/support/upstream.ts';
import { atMost, between, exactly } from '../frame/check.ts';
import type { Evidence, Run } from '../frame/proof.ts';
import { groupOf } from '../support/group-of.ts';
import { ALLOWED_ONE_CENT, KEY, PAID } from '../support/paid-model.ts';
import { together } from '../support/storm.ts';

const LIMIT = 60;
const MINUTE = 60_000;

export const proof: Proof = {
  id: 'P14',
  promise: 'Requests a minute hold, at every moment and over instances',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['one', 'two'], (site) => atEdges(run, site)),
};

/** Storms just before the end of a minute, just after it, and, where there is time, when the first may be forgotten. */
async function atEdges(run: Run, site: GovernedSite): Promise<Evidence> {
  const calls = run.scaled(1_000, 200);
  const arrivals: number[] = [];
  const upstream = await startUpstream((call) => {
    arrivals.push(performance.now());
    return answer()(call);
  });
  try {
    const instances = await site.open({
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: [{ id: 'k', key: KEY, limits: { requestsPerMinute: LIMIT } }],
      redis: { timeoutMs: 10_000 },
    });
    const storm = async (): Promise<Readonly<Record<string, number>>> =>
      together(await Promise.all(instances.map((instance) => instance.storm({ calls: calls / instances.length, key: KEY, body: ALLOWED_ONE_CENT }))));
    if (!run.isShort) await untilMinuteEnds(1_000);
    const outcomes = [await storm()];
    if (!run.isShort) await untilMinuteEnds(0);
    outcomes.push(await storm());
    if (!run.isShort) {
      await new Promise((resolve) => setTimeout(resolve, MINUTE + 1_000));
      outcomes.push(await storm());
    }
    const all = together(outcomes);
    // Storms take their time on a busy machine: what has room again meanwhile may be admitted.
    const minutes = 1 + Math.floor((Math.max(...arrivals) - Math.min(...arrivals)) / MINUTE);
    return {
      test: `storms of ${calls} calls before and after the edge of a minute${run.isShort ? '' : ', and a minute later'}, against ${LIMIT} a minute`,
      n: calls * outcomes.length,
      checks: [
        atMost('most in any 60 s', mostIn(arrivals, MINUTE), LIMIT),
        between('admitted', [all['200'] ?? 0, all['200'] ?? 0], run.isShort ? [LIMIT, LIMIT] : [2 * LIMIT, minutes * LIMIT]),
        exactly('refused as over the limit', all['429 rate_limited'] ?? 0, calls * outcomes.length - (all['200'] ?? 0)),
      ],
    };
  } finally {
    await upstream.close();
  }
}

function mostIn(arrivals: readonly number[], windowMs: number): number {
  return Math.max(0, ...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + windowMs).length));
}

async function untilMinuteEnds(beforeMs: number): Promise<void> {
  const left = MINUTE - (Date.now() % MINUTE) - beforeMs;
  await new Promise((resolve) => setTimeout(resolve, left > 0 ? left : left + MINUTE));
}
