import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, defineGuardrail, type Gateway, type GatewayOptions, type Guardrail, type Ledger, memoryStore, type Sink } from '@sluice/core';
import { harden, serve } from '@sluice/core/node';
import { openaiCompatible } from '@sluice/provider-openai';
import { redisStore } from '@sluice/store-redis';
import { sqlDirectoryStore, sqlLedger } from '@sluice/store-sql';
import { filesBesideSockets } from './files-beside-sockets.ts';
import { storm, type Storm } from './storm.ts';

/** A gateway as data, so that it can be opened here or in a process of its own. */
export type InstanceOptions = Pick<
  GatewayOptions,
  'models' | 'keys' | 'allowance' | 'budget' | 'onStoreError' | 'timeoutMs' | 'idleTimeoutMs' | 'streamHeadAfterMs' | 'maxAnswerBytes' | 'upstream'
> & {
  /** As the gateway's, without what cannot be sent to another process. */
  readonly router?: Omit<NonNullable<GatewayOptions['router']>, 'strategy'>;
  /** Shares its store with others. */
  readonly redisUrl?: string;
  readonly redis?: { readonly timeoutMs?: number; readonly leaseMs?: number };
  /** What a guardrail refuses. */
  readonly blockedWord?: string;
  /** A database that knows who there is, and what their keys are hashed with. */
  readonly directory?: { readonly url: string; readonly saltKey: string };
  /** A database, and where its journal lies. */
  readonly ledger?: { readonly url: string; readonly journalDir: string };
};

/** What a gateway has written down, to hold against what its callers and its upstream saw. */
export type Tally = {
  readonly calls: number;
  readonly failed: number;
  readonly retries: number;
  /** Of all calls together, in nano-dollars. */
  readonly costNanoUsd: number;
  /** What went wrong around it and was told to whoever runs it, in words. */
  readonly told: readonly string[];
  /** How often the ledger was asked what had been spent. */
  readonly asked: number;
};

export type Instance = {
  /** With `/v1`. */
  readonly url: string;
  /** Of the process it runs in. */
  readonly pid: number;
  /** Files it had open when it had been started. */
  readonly filesAtStart: number;
  /** Once nothing is under way, and the database knows everything. */
  tally(): Promise<Tally>;
  /** The totals of counters: for all time, or in a window that ends now. */
  totals(counters: readonly string[], windowMs?: number): Promise<readonly number[]>;
  /** Many calls at once, made inside its process; answers how many came to what. */
  storm(calls: Storm): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
};

/** A busy machine makes many calls at once of those that are due: the kernel is not to lose any. */
const MOST_AT_THE_DOOR = 4096;

/** Where nobody has a key, the gateway as a whole has a budget and a limit that nothing reaches, so that there are books to look at. */
const COUNTED: Pick<GatewayOptions, 'allowance' | 'prices'> = {
  allowance: { gateway: { budgetNanoUsd: 1e15, limits: { parallelCalls: 1_000_000 } } },
  prices: { 'upstream/mock-1': { input: 0, output: 1_000_000_000_000 } },
};

/** A gateway behind a server of its own on 127.0.0.1, whose deployments are of the provider `upstream`. */
export async function openInstance({
  redisUrl,
  redis,
  ledger: books,
  directory,
  blockedWord,
  ...options
}: InstanceOptions): Promise<Instance & { readonly gateway: Gateway }> {
  const tally = { calls: 0, failed: 0, retries: 0, costNanoUsd: 0, asked: 0, told: [] as string[] };
  const tell = (what: unknown): void => void tally.told.push(String(what));
  const sink: Sink = {
    name: 'tally',
    write(records) {
      tally.calls += records.length;
      for (const { status, retries, costNanoUsd = 0 } of records) {
        tally.failed += status === 'ok' ? 0 : 1;
        tally.retries += retries;
        tally.costNanoUsd += costNanoUsd;
      }
    },
  };
  const store =
    redisUrl === undefined
      ? memoryStore()
      : redisStore({
          url: redisUrl,
          timeoutMs: 2_000,
          onEvent: ({ kind, cause }) => tell(`Redis is ${kind}${cause === undefined ? '' : `: ${cause}`}`),
          ...redis,
        });
  const kept = books && sqlLedger({ ...books, onError: tell });
  const gateway = createGateway({
    ...(options.keys === undefined && !directory && { auth: false as const, ...COUNTED }),
    ...(directory && { directory: sqlDirectoryStore({ url: directory.url }), saltKey: directory.saltKey }),
    providers: [openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' })],
    sinks: [sink],
    // Outages are what is asked for here; anything else is a defect.
    onError: (error) => void (error instanceof Error && error.name === 'OutageError' ? undefined : tell(error)),
    store,
    ...(blockedWord !== undefined && { guardrails: [{ guardrail: refusing(blockedWord), on: ['input'] }] }),
    ...(kept && { ledger: counted(kept, () => (tally.asked += 1)) }),
    ...options,
  });
  const server = harden(createServer((req, res) => void serve(gateway.handle, req, res, { strict: true })));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: MOST_AT_THE_DOOR }, resolve));
  let isClosed = false;
  return {
    gateway,
    pid: process.pid,
    filesAtStart: filesBesideSockets('self'),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async tally() {
      await gateway.idle();
      // The sink hears of calls in batches.
      for (let calls = -1; calls !== tally.calls; await new Promise((resolve) => setTimeout(resolve, 300))) calls = tally.calls;
      await kept?.flush();
      return { ...tally };
    },
    totals: (counters, windowMs) => Promise.all(counters.map((counter) => store.total(counter, windowMs))),
    storm: (calls) => storm(gateway, calls),
    async close() {
      if (isClosed) return;
      isClosed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.close();
    },
  };
}

function refusing(word: string): Guardrail {
  return defineGuardrail({ name: 'word', check: ({ text }) => (text.includes(word) ? { action: 'block', reason: 'named' } : { action: 'allow' }) });
}

function counted(ledger: Ledger, onAsked: () => void): Ledger {
  return {
    ...ledger,
    spentSince: async (...whose) => {
      onAsked();
      return (await ledger.spentSince?.(...whose)) ?? 0;
    },
  };
}
