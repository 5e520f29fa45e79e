import { atMost, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { answerAfter, mockUpstream, refuseWith } from '../support/mock-upstream.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

export const proof: Proof = {
  id: 'P31',
  promise: 'The only deployment is never locked out',
  async prove(run) {
    return [await outage(run, false), await outage(run, true)];
  },
};

/** The only deployment of a group fails for a while under steady calls, alone or with another group behind it. */
async function outage(run: Run, hasFallback: boolean): Promise<Evidence> {
  const [rate, cooldownMs] = [20, run.scaled(5_000, 1_000)];
  const [failsFor, seconds] = [run.scaled(20, 2), run.scaled(40, 5)];
  let isDown = true;
  const upstream = await mockUpstream((res, request) => (isDown ? refuseWith(503) : answerAfter(5))(res, request));
  const spare = await mockUpstream(answerAfter(5));
  const models = [groupOf('m', [upstream.url], hasFallback ? { fallbacks: ['spare'] } : {}), groupOf('spare', [spare.url])];
  const instance = await openInstance({ models, router: { cooldownMs, retries: 0 } });
  try {
    const startedAt = performance.now();
    setTimeout(() => (isDown = false), failsFor * 1000);
    const calls = await atRate(rate, seconds, async () => ({ ...(await call(instance.url, 'm')), at: performance.now() - startedAt }));
    const answers = calls.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const own = answers.filter(({ status, headers }) => status === 200 && headers['x-sluice-model-group'] === 'm');
    const attempts = upstream.arrivals.map((at) => (at - startedAt) / 1000);
    const during = [0, ...attempts.filter((at) => at < failsFor)];
    const gaps = during.slice(1).map((at, index) => at - (during[index] ?? 0));
    return {
      test: `the only deployment refuses for ${failsFor} s under ${rate} calls a second, ${hasFallback ? 'with a fallback' : 'without a fallback'}`,
      n: calls.length,
      checks: [
        atMost('longest time without a probe', Math.max(...gaps), 1.1, { unit: 's', bearable: 4 }),
        atMost('answered again after', Math.min(...own.map(({ at }) => at / 1000)) - failsFor, cooldownMs / 1000 + 1, { unit: 's' }),
        await ledgerCheck({
          instances: [instance],
          isShared: false,
          calls: calls.length,
          answered: answers.filter(({ status }) => status === 200).length,
          upstreams: [upstream, spare],
        }),
        ...(hasFallback ? [none('client errors', calls.length - answers.filter(({ status }) => status === 200).length, calls.length)] : []),
      ],
    };
  } finally {
    await instance.close();
    await Promise.all([upstream.close(), spare.close()]);
  }
}
