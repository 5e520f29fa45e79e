import { atMost, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { duringOutage } from '../support/outage.ts';
import { signalTree } from '../support/signal-tree.ts';

export const proof: Proof = {
  id: 'P35',
  promise: 'Nor does PostgreSQL when it hangs',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['one'] : ['one', 'two'], (site) => hangs(run, site)),
};

async function hangs(run: Run, site: GovernedSite): Promise<Evidence> {
  const seconds = run.scaled(30, 3);
  const { calls, errors, addedP99Ms, rows, made } = await duringOutage(run, site, {
    seconds,
    // Redis is there all the time, and is not to be taken for away where the machine is busy.
    more: { redis: { timeoutMs: 2_000, leaseMs: 3_000 } },
    async away() {
      const pid = site.postgres?.process.pid ?? 0;
      signalTree(pid, 'SIGSTOP');
      return async () => signalTree(pid, 'SIGCONT');
    },
  });
  return {
    test: `every process of PostgreSQL stopped for ${seconds} s under 50 calls a second`,
    n: calls.length,
    checks: [
      none('client errors', errors, calls.length),
      atMost('added p99', addedP99Ms, 50, { unit: 'ms', bearable: 5_000 }),
      exactly('rows missing 7 s after it goes on', made - rows, 0),
    ],
  };
}
