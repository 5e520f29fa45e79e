import { CENT } from '../../governance/support/gateway.ts';
import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Run } from '../frame/proof.ts';
import type { GovernedSite } from '../support/governed-sites.ts';
import { ALLOWED_ONE_CENT, KEY, PAID } from '../support/paid-model.ts';
import { together } from '../support/storm.ts';
import { groupOf } from '../support/group-of.ts';

const DOLLAR = 100 * CENT;

/** Ten thousand calls of a cent at once, shared by the gateways, against a dollar. */
export async function budgetStorm(run: Run, site: GovernedSite): Promise<Evidence> {
  const calls = run.scaled(10_000, 400);
  const upstream = await startUpstream(after(200, answer()));
  try {
    const instances = await site.open({
      // All ask Redis in the same moment, and the last of them waits for all others; nobody is dead for that.
      redis: { timeoutMs: 30_000, leaseMs: 60_000 },
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: [
        { id: 'k', key: KEY, budgetNanoUsd: DOLLAR },
        { id: 'first', key: `${KEY}-first`, budgetNanoUsd: DOLLAR },
      ],
    });
    // The first call of all opens connections and makes tables.
    await Promise.all(instances.map((instance) => instance.storm({ calls: 1, key: `${KEY}-first`, body: ALLOWED_ONE_CENT })));
    upstream.calls = 0;
    const each = { calls: calls / instances.length, key: KEY, body: ALLOWED_ONE_CENT };
    const outcomes = together(await Promise.all(instances.map((instance) => instance.storm(each))));
    const others = Object.keys(outcomes).filter((outcome) => outcome !== '200' && outcome !== '402 budget_exceeded');
    const audit = await site.audit('k', upstream.calls * CENT);
    const { rows } = await site.books('k');
    return {
      test: `${calls.toLocaleString('en-US')} calls of $0.01 at once against $1.00`,
      n: calls,
      checks: [
        exactly('answered', outcomes['200'] ?? 0, 100),
        exactly('refused as over budget', outcomes['402 budget_exceeded'] ?? 0, calls - 100),
        none('refused for anything else', others, calls),
        exactly('overspend', Math.max(0, upstream.calls * CENT - DOLLAR) / 1e9, 0, { unit: 'dollars' }),
        exactly('rows', rows, calls),
        ...audit,
      ],
    };
  } finally {
    await upstream.close();
  }
}
