import { faultProxy, hasRedis, startRedis } from '@sluice/testing/servers';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { percentile } from '../../support/percentile.ts';
import { atRate, call, type Called, failures, times } from '../support/call.ts';
import { startInstance } from '../support/fork-instance.ts';
import { answerAfter, mockUpstream } from '../support/mock-upstream.ts';

export const proof: Proof = {
  id: 'P26',
  promise: 'A dead deployment is invisible when a healthy one exists',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  async prove(run) {
    const redis = await startRedis();
    try {
      return [await kill(run, 1, undefined), await kill(run, 2, redis.url)];
    } finally {
      await redis.stop();
    }
  },
};

/**
 * Kills one of two deployments under load after a third of the time, and brings it back after the second. Single calls
 * go to the upstream itself meanwhile: what they take is not the gateway's.
 */
async function kill(run: Run, gateways: number, redisUrl: string | undefined): Promise<Evidence> {
  const [seconds, rate] = [run.scaled(60, 3), run.scaled(200, 40)];
  const upstream = await mockUpstream(answerAfter(50));
  const victim = await faultProxy(upstream.port);
  const urls = [upstream.url, `http://127.0.0.1:${victim.port}/v1`];
  const deployments = urls.map((baseUrl, index) => ({ id: `d${index}`, provider: 'upstream', model: 'mock-1', baseUrl }));
  const options = { models: [{ name: 'm', deployments }], ...(redisUrl !== undefined && { redisUrl }) };
  const instances = await Promise.all(Array.from({ length: gateways }, () => startInstance(run, options)));
  const ask = (index: number): Promise<Called> => call(instances[index % gateways]?.url ?? '', 'm');
  try {
    const warming = await atRate(rate, run.scaled(3, 1), ask);
    setTimeout(() => void victim.stop(), (seconds / 3) * 1000);
    setTimeout(() => void victim.restart(), (seconds / 1.5) * 1000);
    const [calls, bare] = await Promise.all([atRate(rate, seconds, ask), atRate(rate / 5, seconds, () => call(upstream.url, 'm'))]);
    const tallies = await Promise.all(instances.map((instance) => instance.tally()));
    const records = tallies.reduce((sum, tally) => sum + tally.calls, 0) - warming.length;
    return {
      test: `one of two deployments killed and brought back under ${rate} calls a second for ${seconds} s, ${gateways === 1 ? 'one gateway' : 'two gateways over one Redis'}`,
      n: calls.length,
      checks: [
        none('client errors', failures(calls), calls.length),
        atMost('added p99', percentile(times(calls), 0.99) - percentile(times(bare), 0.99), 50, { unit: 'ms', bearable: 5_000 }),
        exactly('call records', records, calls.length),
      ],
    };
  } finally {
    await Promise.all(instances.map((instance) => instance.close()));
    await victim.close().catch(() => undefined);
    await upstream.close();
  }
}
