import { startRedis } from '@sluice/testing/servers';
import { atMost } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { atRate } from '../support/call.ts';
import { atSite, type GovernedSite, lacksServers } from '../support/governed-sites.ts';
import type { Instance } from '../support/instance.ts';
import { MIXED, openMixedUpstream } from '../support/mixed-upstream.ts';
import { openFiles } from '../support/open-files.ts';
import { KEY } from '../support/paid-model.ts';
import { signalTree } from '../support/signal-tree.ts';
import { until } from '../support/until.ts';

const RATE = 50;
/** Longer than idle connections to providers are kept. */
const REST_MS = 32_000;

type Case = {
  readonly name: string;
  /** Brings it about, and answers how it is undone. */
  begin(site: GovernedSite): Promise<() => Promise<unknown>>;
};

const CASES: readonly Case[] = [
  { name: 'nothing more than that', begin: async () => async () => undefined },
  {
    name: 'PostgreSQL stopped meanwhile',
    async begin({ postgres }) {
      const pid = postgres?.process.pid ?? 0;
      signalTree(pid, 'SIGSTOP');
      return async () => signalTree(pid, 'SIGCONT');
    },
  },
  {
    name: 'Redis stopped meanwhile',
    async begin({ redis }) {
      redis?.process.kill('SIGSTOP');
      return async () => redis?.process.kill('SIGCONT');
    },
  },
];

const KILLED: Case = {
  name: 'Redis killed meanwhile, and empty afterwards',
  async begin({ redis }) {
    await redis?.stop();
    return () => startRedis({ port: Number(new URL(redis?.url ?? '').port) });
  },
};

export const proof: Proof = {
  id: 'P12',
  promise: 'Counters equal the ledger at rest',
  lacks: lacksServers,
  prove: (run) =>
    run.isShort ? atSite(run, 'one', (site) => chaos(run, site, CASES.slice(0, 1))) : atSite(run, 'two', (site) => chaos(run, site, [...CASES, KILLED])),
};

async function chaos(run: Run, site: GovernedSite, cases: readonly Case[]): Promise<readonly Evidence[]> {
  const upstream = await openMixedUpstream();
  const undone: { stop?(): Promise<void> }[] = [];
  try {
    const instances = await site.open({
      models: upstream.groups,
      keys: [{ id: 'k', key: KEY, budgetNanoUsd: 1e15, limits: { parallelCalls: 10_000 } }],
      redis: { timeoutMs: 1_000, leaseMs: 6_000 },
      router: { retries: 1, cooldownMs: 0 },
      onStoreError: 'open',
    });
    const rest = run.scaled(REST_MS, 500);
    await mixedCalls(run, instances, 2);
    await pause(rest);
    const before = openFiles(instances.map(({ pid }) => pid));
    const all: Evidence[] = [];
    for (const { name, begin } of cases) {
      const end = await begin(site);
      const calls = await mixedCalls(run, instances, run.scaled(10, 2));
      undone.push((await end()) as { stop?(): Promise<void> });
      // Whoever was away has to hear again of those it holds up.
      await mixedCalls(run, instances, 1);
      await pause(rest);
      // A store that was late is told what it lacks at growing distances.
      await until(async () => (await site.audit('k', upstream.givenNanoUsd)).every(({ isKept }) => isKept)).catch(() => undefined);
      all.push({
        test: `${RATE} calls a second that are answered, streamed, fall back, break off or are left, ${name}`,
        n: calls,
        checks: [...(await site.audit('k', upstream.givenNanoUsd)), ...openedSince(run, before, instances)],
      });
    }
    return all;
  } finally {
    for (const server of undone) await server?.stop?.();
    await upstream.close();
  }
}

/** A process of the tests has files of its own. */
function openedSince(run: Run, before: number, instances: readonly Instance[]) {
  return run.isShort ? [] : [atMost('files and sockets open beyond those before', Math.max(0, openFiles(instances.map(({ pid }) => pid)) - before), 0)];
}

async function mixedCalls(run: Run, instances: readonly Instance[], seconds: number): Promise<number> {
  const made = await atRate(RATE, seconds, (index) => one(instances[index % instances.length]?.url ?? '', run.random));
  return made.length;
}

/** How it ends for its caller is another promise. */
async function one(url: string, random: () => number): Promise<void> {
  const model = MIXED[Math.floor(random() * MIXED.length)];
  const isStream = model !== 'whole' && model !== 'fails';
  const leaving = new AbortController();
  const answer = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 10, stream: isStream, messages: [{ role: 'user', content: 'Say it' }] }),
    signal: leaving.signal,
  });
  const reader = answer.body?.getReader();
  try {
    // Left once all of it has come: what is sent to those who have left is another promise, too.
    for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) if (model === 'falls silent') setTimeout(() => leaving.abort(), 500);
  } catch {
    // It was left, or broke off.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
