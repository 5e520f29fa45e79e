import { hasRedis } from '@sluice/testing/servers';
import { between, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import type { InstanceOptions } from '../support/instance.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { oneAndTwo, type Site } from '../support/two-gateways.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

export const proof: Proof = {
  id: 'P33',
  promise: 'A deadline caps everything',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  prove: async (run) => [
    ...(await oneAndTwo(run, (open) => wait(run, open, 'of the router'))),
    ...(await oneAndTwo(run, (open) => wait(run, open, 'of the caller'))),
  ],
};

/** Three deployments that never answer. So few callers that there is a retry in hand for each: the others would end sooner. */
async function wait(run: Run, open: (options: InstanceOptions) => Promise<Site>, whose: 'of the router' | 'of the caller'): Promise<Evidence> {
  const [deadline, patience, callers] = [run.scaled(12, 1.2), run.scaled(10, 1), run.scaled(15, 4)];
  const upstream = await mockUpstream(() => undefined);
  try {
    const { instances, isShared, urlFor } = await open({
      models: [groupOf('m', [upstream.url, upstream.url, upstream.url])],
      timeoutMs: patience * 1000,
      router: { backoffMs: 1, ...(whose === 'of the router' && { deadlineMs: deadline * 1000 }) },
    });
    const more = whose === 'of the caller' ? { timeout: deadline } : {};
    const answers = await Promise.all(Array.from({ length: callers }, (_, index) => call(urlFor(index), 'm', { ...more, stream: index % 2 === 0 })));
    const took = answers.map(({ tookMs }) => tookMs / 1000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return {
      test: `tries of ${patience} s each, a deadline ${whose} of ${deadline} s`,
      n: callers,
      checks: [
        between('answered after', [Math.min(...took), Math.max(...took)], [deadline - 0.3, deadline + 0.3], { unit: 's', bearable: deadline + 3 }),
        none(
          'other answers than that it took too long',
          answers.filter(({ text }) => !text.includes('upstream_timeout')).map(({ text }) => text.slice(0, 100)),
          callers,
        ),
        await ledgerCheck({ instances, isShared, calls: callers, answered: 0, upstreams: [upstream] }),
      ],
    };
  } finally {
    await upstream.close();
  }
}
