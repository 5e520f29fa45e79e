import { faultProxy, hasRedis } from '@sluice/testing/servers';
import { atMost, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { percentile } from '../../support/percentile.ts';
import { atRate, call, failures, times } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import type { InstanceOptions } from '../support/instance.ts';
import { ledgerCheck } from '../support/ledger-check.ts';
import { answerAfter, mockUpstream } from '../support/mock-upstream.ts';
import { oneAndTwo, type Site } from '../support/two-gateways.ts';

export const proof: Proof = {
  id: 'P26',
  promise: 'A dead deployment is invisible when a healthy one exists',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  prove: (run) => oneAndTwo(run, (open) => kill(run, open)),
};

/**
 * Kills one of two deployments under load after a third of the time, and brings it back after the second. Single calls
 * go to the upstream itself meanwhile: what they take is not the gateway's.
 */
async function kill(run: Run, open: (options: InstanceOptions) => Promise<Site>): Promise<Evidence> {
  const [seconds, rate] = [run.scaled(60, 3), run.scaled(200, 40)];
  const upstream = await mockUpstream(answerAfter(50));
  const victim = await faultProxy(upstream.port);
  try {
    const { instances, isShared, urlFor } = await open({ models: [groupOf('m', [upstream.url, `http://127.0.0.1:${victim.port}/v1`])] });
    const warming = await atRate(rate, run.scaled(3, 1), (index) => call(urlFor(index), 'm'));
    setTimeout(() => void victim.stop(), (seconds / 3) * 1000);
    setTimeout(() => void victim.restart(), (seconds / 1.5) * 1000);
    const [calls, bare] = await Promise.all([
      atRate(rate, seconds, (index) => call(urlFor(index), 'm')),
      atRate(rate / 5, seconds, () => call(upstream.url, 'm')),
    ]);
    const all = [...warming, ...calls];
    return {
      test: `one of two deployments killed and brought back under ${rate} calls a second for ${seconds} s`,
      n: calls.length,
      checks: [
        none('client errors', failures(calls), calls.length),
        atMost('added p99', percentile(times(calls), 0.99) - percentile(times(bare), 0.99), 50, { unit: 'ms', bearable: 5_000 }),
        await ledgerCheck({ instances, isShared, calls: all.length, answered: all.length - failures(all).length, upstreams: [upstream] }),
      ],
    };
  } finally {
    await victim.close().catch(() => undefined);
    await upstream.close();
  }
}
