import { hasRedis } from '@sluice/testing/servers';
import { atMost, exactly } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate, call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import type { InstanceOptions } from '../support/instance.ts';
import { ledgerCheck } from '../support/ledger-check.ts';
import { mockUpstream, refuseWith } from '../support/mock-upstream.ts';
import { oneAndTwo, type Site } from '../support/two-gateways.ts';

export const proof: Proof = {
  id: 'P27',
  promise: 'Retries never storm',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  prove: (run) => oneAndTwo(run, (open) => storm(run, open)),
};

/** Everything fails, and every call would try again twice. */
async function storm(run: Run, open: (options: InstanceOptions) => Promise<Site>): Promise<Evidence> {
  const [seconds, rate] = [run.scaled(30, 2), 200];
  const upstream = await mockUpstream(refuseWith(500));
  try {
    const { instances, isShared, urlFor } = await open({ models: [groupOf('m', [upstream.url])], router: { retries: 2 } });
    const calls = await atRate(rate, seconds, (index) => call(urlFor(index), 'm'));
    const books = await ledgerCheck({ instances, isShared, calls: calls.length, answered: 0, upstreams: [upstream] });
    const attempts = upstream.arrivals.length;
    const answered = calls.filter((outcome) => outcome.status === 'fulfilled').length;
    return {
      test: `an upstream that fails every call, ${rate} calls a second for ${seconds} s`,
      n: calls.length,
      checks: [
        // Two seconds are hardly longer than what is in hand at the start.
        atMost('attempts', attempts, run.isShort ? 1.4 * calls.length : 1.2 * calls.length + 3),
        atMost('most attempts in a second, to the mean', mostInASecond(upstream.arrivals) / (attempts / seconds), 3),
        exactly('calls answered, by an error', answered, calls.length),
        books,
      ],
    };
  } finally {
    await upstream.close();
  }
}

function mostInASecond(arrivals: readonly number[]): number {
  let [from, most] = [0, 0];
  for (const [index, at] of arrivals.entries()) {
    while (at - (arrivals[from] ?? 0) > 1_000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
