import { startUpstream, stream } from '../../governance/support/upstream.ts';
import { atMost, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import { KEY, PAID, TOKEN_NANO_USD } from '../support/paid-model.ts';
import { together } from '../support/storm.ts';

/** What may come in one read, and so be passed on before it is paid for. */
const TOKENS_A_READ = 20;

export const proof: Proof = {
  id: 'P03',
  promise: 'A stream cannot outrun its budget',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['memory', 'one', 'two'], (site) => endless(run, site)),
};

async function endless(run: Run, site: GovernedSite): Promise<Evidence> {
  const streams = run.scaled(100, 20);
  // Each is let in with twenty tokens, and there are fifty for each of them.
  const budgetNanoUsd = 50 * streams * TOKEN_NANO_USD;
  const upstream = await startUpstream(stream({ chunks: 20_000, everyMs: 10 }));
  try {
    const instances = await site.open({
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: [{ id: 'k', key: KEY, budgetNanoUsd }],
      budget: { assumedOutputTokens: 20 },
    });
    const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Go on' }] };
    const outcomes = together(await Promise.all(instances.map((instance) => instance.storm({ calls: streams / instances.length, key: KEY, body }))));
    const { costNanoUsd } = await booksAtRest(site, instances);
    const [held] = await site.audit('k', costNanoUsd);
    return {
      test: `${streams} endless streams of 100 tokens a second without max_tokens against $${(budgetNanoUsd / 1e9).toFixed(2)}`,
      n: streams,
      checks: [
        // Those that come when others hold all there is are not let in.
        none('streams that did not end with the budget', streams - (outcomes['200 budget_exceeded'] ?? 0) - (outcomes['402 budget_exceeded'] ?? 0), streams),
        atMost('overspend', Math.max(0, costNanoUsd - budgetNanoUsd) / 1e9, (streams * TOKENS_A_READ * TOKEN_NANO_USD) / 1e9, { unit: 'dollars' }),
        ...(held ? [held] : []),
      ],
    };
  } finally {
    await upstream.close();
  }
}

async function booksAtRest(site: GovernedSite, instances: readonly { tally(): Promise<unknown> }[]): Promise<{ readonly costNanoUsd: number }> {
  for (const instance of instances) await instance.tally();
  return site.books('k');
}
