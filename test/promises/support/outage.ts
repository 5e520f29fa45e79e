import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { percentile } from '../../support/percentile.ts';
import type { Run } from '../frame/proof.ts';
import { atRate, call, type Called, failures, times } from './call.ts';
import type { GovernedSite } from './governed-sites.ts';
import { groupOf } from './group-of.ts';
import type { Instance, InstanceOptions, Tally } from './instance.ts';
import { KEY, PAID } from './paid-model.ts';
import { growthDuring } from './resident-memory.ts';

const RATE = 50;
const BEFORE_S = 3;

export type Outage = {
  readonly calls: readonly PromiseSettledResult<Called>[];
  readonly errors: readonly string[];
  /** Compared with the time before. */
  readonly addedP99Ms: number;
  readonly growthMib: number;
  readonly tallies: readonly Tally[];
  readonly askedUpstream: number;
  readonly rows: number;
  /** All calls that were made, those before the outage too. */
  readonly made: number;
  readonly instances: readonly Instance[];
};

/** Calls at an even pace while something is away, and after it is back. */
export async function duringOutage(
  run: Run,
  site: GovernedSite,
  { seconds, more, away }: { readonly seconds: number; readonly more?: Partial<InstanceOptions>; readonly away: () => Promise<() => Promise<void>> },
): Promise<Outage> {
  const upstream = await startUpstream(after(20, answer()));
  try {
    const instances = await site.open({
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: [{ id: 'k', key: KEY, budgetNanoUsd: 1e15 }],
      redis: { timeoutMs: 250, leaseMs: 3_000 },
      ...more,
    });
    const one = (index: number): Promise<Called> =>
      call(instances[index % instances.length]?.url ?? '', 'm', { max_tokens: 10 }, { authorization: `Bearer ${KEY}` });
    const before = await atRate(RATE, BEFORE_S, one);
    const askedBefore = upstream.calls;
    const back = await away();
    const { result, mib } = await growthDuring(instances[0]?.pid ?? process.pid, () => atRate(RATE, seconds, one));
    const askedUpstream = upstream.calls - askedBefore;
    await back();
    const afterwards = await atRate(RATE, 1, one);
    // What is owed comes with the next sign of life.
    await new Promise((resolve) => setTimeout(resolve, run.scaled(6_000, 4_000)));
    const tallies = [];
    for (const instance of instances) tallies.push(await instance.tally());
    const { rows } = await site.books('k');
    return {
      calls: result,
      errors: failures(result),
      addedP99Ms: percentile(times(result), 0.99) - percentile(times(before), 0.99),
      growthMib: mib,
      tallies,
      askedUpstream,
      rows,
      made: before.length + result.length + afterwards.length,
      instances,
    };
  } finally {
    await upstream.close();
  }
}
