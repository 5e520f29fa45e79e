import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { duringOutage } from '../support/outage.ts';

export const proof: Proof = {
  id: 'P34',
  promise: 'PostgreSQL down does not stop known keys',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['one'] : ['one', 'two'], (site) => down(run, site)),
};

async function down(run: Run, site: GovernedSite): Promise<Evidence> {
  const seconds = run.scaled(60, 3);
  const { calls, errors, growthMib, rows, made } = await duringOutage(run, site, {
    seconds,
    // Redis is there all the time, and is not to be taken for away where the machine is busy.
    more: { redis: { timeoutMs: 2_000, leaseMs: 3_000 } },
    async away() {
      site.postgres?.process.kill('SIGQUIT');
      return async () => site.postgres?.restart();
    },
  });
  return {
    test: `PostgreSQL killed for ${seconds} s under 50 calls a second`,
    n: calls.length,
    checks: [
      none('client errors', errors, calls.length),
      none('401', errors.filter((error) => error.startsWith('401')).length, calls.length),
      exactly('rows lost', made - rows, 0),
      atMost('growth of resident memory', growthMib, 32, { unit: 'MiB', bearable: 200 }),
    ],
  };
}
