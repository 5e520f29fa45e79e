import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, hasRedis, type PostgresServer, type RedisServer, startPostgres, startRedis } from '@sluice/testing/servers';
import { type Check, exactly } from '../frame/check.ts';
import type { Evidence, Run } from '../frame/proof.ts';
import { type Books, booksOf } from './books-of.ts';
import { startInstance } from './fork-instance.ts';
import type { Instance, InstanceOptions } from './instance.ts';

/** What gateways with budgets stand on. */
export type SiteKind = 'memory' | 'one' | 'two';

export type GovernedSite = {
  readonly redis: RedisServer | undefined;
  readonly postgres: PostgresServer | undefined;
  /** What it counts in, keeps its books in, and where journals lie, for a gateway more. */
  backing(journal: string): Pick<InstanceOptions, 'redisUrl' | 'ledger'>;
  open(options: InstanceOptions): Promise<readonly Instance[]>;
  /** Rows of a key in the database: how many, and what they cost together. */
  books(keyId: string): Promise<Books>;
  /** At rest: that counters, rows and what the upstream has given agree, and nothing is held. */
  audit(keyId: string, paidNanoUsd: number): Promise<readonly Check[]>;
};

const NAMES: Readonly<Record<SiteKind, string>> = {
  memory: 'one gateway, memory and a file',
  one: 'one gateway, Redis and PostgreSQL',
  two: 'two gateways, Redis and PostgreSQL',
};

export function lacksServers(): string | undefined {
  return hasRedis() && hasPostgres() ? undefined : 'redis-server and PostgreSQL are not installed';
}

/** The same experiment over each kind of site, with servers of its own. */
export async function overSites(run: Run, kinds: readonly SiteKind[], experiment: (site: GovernedSite) => Promise<Evidence>): Promise<readonly Evidence[]> {
  const all: Evidence[] = [];
  for (const kind of kinds) all.push(...(await atSite(run, kind, async (site) => [await experiment(site)])));
  return all;
}

/** Experiments over one site. */
export async function atSite(run: Run, kind: SiteKind, experiment: (site: GovernedSite) => Promise<readonly Evidence[]>): Promise<readonly Evidence[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-proof-'));
  const [redis, postgres] = kind === 'memory' ? [] : await Promise.all([startRedis(), startPostgres()]);
  const url = postgres?.createDatabase('proof') ?? join(folder, 'ledger.db');
  let instances: readonly Instance[] = [];
  const backing = (journal: string): Pick<InstanceOptions, 'redisUrl' | 'ledger'> => ({
    ...(redis && { redisUrl: redis.url }),
    ledger: { url, journalDir: join(folder, journal) },
  });

  const books = (keyId: string): Promise<Books> => booksOf(url, keyId);

  try {
    const all = await experiment({
      redis,
      postgres,
      backing,
      books,
      async open(options) {
        const names = kind === 'two' ? ['one', 'other'] : ['one'];
        return (instances = await Promise.all(names.map((name) => startInstance(run, { ...options, ...backing(name) }))));
      },
      async audit(keyId, paidNanoUsd) {
        for (const instance of instances) await instance.tally();
        const counters = [`budget:key:${keyId}`, `spend:key:${keyId}`, `parallel:key:${keyId}`];
        const [budget = 0, spent = 0, parallel = 0] = (await instances[0]?.totals(counters)) ?? [];
        const { costNanoUsd } = await books(keyId);
        const apart = Math.max(...[budget, spent, costNanoUsd].map((sum) => Math.abs(sum - paidNanoUsd)));
        return [exactly('drift of counters, rows and upstream', apart, 0, { unit: 'nano-dollars' }), exactly('held at rest', budget - spent + parallel, 0)];
      },
    });
    return all.map(({ test, ...evidence }) => ({ test: `${test}; ${NAMES[kind]}`, ...evidence }));
  } finally {
    await Promise.all(instances.map((instance) => instance.close()));
    await Promise.all([redis?.stop(), postgres?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}
