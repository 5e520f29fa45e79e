import { none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { duringOutage } from '../support/outage.ts';

export const proof: Proof = {
  id: 'P37',
  promise: 'Where nothing else is said, nobody is admitted without a reservation',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['one'] : ['one', 'two'], (site) => strict(run, site)),
};

async function strict(run: Run, site: GovernedSite): Promise<Evidence> {
  const seconds = run.scaled(10, 3);
  const { calls, errors, askedUpstream } = await duringOutage(run, site, {
    seconds,
    async away() {
      site.redis?.process.kill('SIGSTOP');
      return async () => void site.redis?.process.kill('SIGCONT');
    },
  });
  return {
    test: `Redis stopped for ${seconds} s under 50 calls a second`,
    n: calls.length,
    checks: [
      none('admitted', askedUpstream, calls.length),
      none('refused otherwise than by 503', errors.filter((error) => !error.startsWith('503')).length + calls.length - errors.length, calls.length),
    ],
  };
}
