import { atMost, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { percentile } from '../../support/percentile.ts';
import { atRate, call, failures, times } from '../support/call.ts';
import { startHostile } from '../support/fork-hostile.ts';
import { startInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { ATTACK_NAMES } from '../support/hostile.ts';
import { answerAfter, mockUpstream } from '../support/mock-upstream.ts';
import { growthDuring } from '../support/resident-memory.ts';

const TOGETHER = 10;
const RATE = 50;

export const proof: Proof = {
  id: 'P23',
  promise: 'A hostile stream does not hurt others',
  lacks: () => (process.platform === 'linux' ? undefined : 'memory is read from /proc, which Linux has'),
  async prove(run) {
    const evidence: Evidence[] = [];
    for (const name of ATTACK_NAMES) evidence.push(await attack(run, name));
    return evidence;
  },
};

async function attack(run: Run, name: string): Promise<Evidence> {
  const seconds = run.scaled(10, 1);
  const good = await mockUpstream(answerAfter(20));
  const hostile = await startHostile(run, name, run.scaled(200, 20));
  const instance = await startInstance(run, { models: [groupOf('good', [good.url]), groupOf('hostile', [hostile.url])], router: { retries: 0 } });
  const sound = () => Promise.all([atRate(RATE, seconds, () => call(instance.url, 'good')), atRate(RATE, seconds, () => call(good.url, 'good'))]);
  try {
    // Nothing but the attack is to be new to the process.
    await atRate(4 * RATE, run.scaled(5, 0.5), () => call(instance.url, 'good'));
    const [quiet, bareQuiet] = await sound();
    const { mib, result } = await growthDuring(instance.pid, async () => {
      const [calls] = await Promise.all([sound(), hostile.attack(instance.url, TOGETHER, seconds * 1000)]);
      return calls;
    });
    const [calls, bare] = result;
    const [before, during] = [p99(quiet), p99(calls) - Math.max(0, p99(bare) - p99(bareQuiet))];
    return {
      test: `${TOGETHER} ${name} at once, beside ${RATE} sound calls a second for ${seconds} s`,
      n: calls.length,
      checks: [
        none('errors of sound calls', failures(calls), calls.length),
        atMost('growth of resident memory', mib, 64, { unit: 'MiB', bearable: run.isShort ? 1_000 : 64 }),
        atMost('p99 of sound calls, to that before', during / before, 2, { bearable: 100 }),
      ],
    };
  } finally {
    await Promise.all([instance.close(), good.close(), hostile.close()]);
  }
}

function p99(calls: Awaited<ReturnType<typeof atRate<Awaited<ReturnType<typeof call>>>>>): number {
  return percentile(times(calls), 0.99);
}
