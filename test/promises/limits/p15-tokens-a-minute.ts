import { after, answer, startUpstream } from '../../governance/support/upstream.ts';
import { atMost } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import { KEY, PAID } from '../support/paid-model.ts';

const LIMIT = 1_000;
/** What a call uses: ten of input, ten of output. */
const A_CALL = 20;

export const proof: Proof = {
  id: 'P15',
  promise: 'Tokens a minute hold by reservation',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['memory', 'two'] : ['memory', 'one', 'two'], (site) => atOnce(run, site)),
};

async function atOnce(run: Run, site: GovernedSite): Promise<Evidence> {
  const sizes = run.isShort ? [5, 50] : [5, 50, 500];
  const upstream = await startUpstream(after(50, answer({ prompt_tokens: 10, completion_tokens: 10 })));
  try {
    const instances = await site.open({
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      keys: sizes.map((size) => ({ id: `k${size}`, key: `${KEY}-${size}`, limits: { tokensPerMinute: LIMIT } })),
      redis: { timeoutMs: 10_000 },
    });
    let most = 0;
    for (const size of sizes) {
      const before = upstream.calls;
      const body = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Say it' }] };
      await Promise.all(
        instances.map((instance, index) => {
          const share = Math.floor(size / instances.length) + (index < size % instances.length ? 1 : 0);
          return instance.storm({ calls: share, key: `${KEY}-${size}`, body });
        }),
      );
      most = Math.max(most, (upstream.calls - before) * A_CALL);
    }
    return {
      test: `${sizes.join(', ')} calls of ${A_CALL} tokens at once against ${LIMIT} a minute`,
      n: sizes.reduce((sum, size) => sum + size, 0),
      checks: [atMost('tokens used in a minute', most, LIMIT + A_CALL)],
    };
  } finally {
    await upstream.close();
  }
}
