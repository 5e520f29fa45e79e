import type { BudgetAlert } from './budget-alert.ts';
import type { Operation } from './call.ts';
import type { Usage } from './usage.ts';
import type { JsonObject, MaybePromise } from './json.ts';
import type { Outage } from './outage.ts';
import type { SettledBy } from './settled-by.ts';
import type { CallPageQuery, Spender, SpendQuery, SpendRow } from './spend.ts';
import type { TryFailure } from './try-failure.ts';

/** The one log line of a call. Holds no credential and, unless asked for, no text of the caller's. */
export type CallRecord = {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly operation: Operation;
  /** The model as the caller named it, and the group and deployment that answered. */
  readonly model: string;
  readonly group: string | undefined;
  readonly deploymentId: string | undefined;
  readonly provider: string | undefined;
  readonly isStream: boolean;
  readonly keyId: string | undefined;
  readonly userId: string | undefined;
  readonly teamId: string | undefined;
  readonly organizationId: string | undefined;
  readonly projectId: string | undefined;
  readonly endUserId: string | undefined;
  readonly tags: readonly string[] | undefined;
  /** The name of the policy that the call came in under. */
  readonly policy: string | undefined;
  readonly clientAddress: string | undefined;
  /** `refused`: by the gateway, before any upstream was called. */
  readonly status: 'ok' | 'cache_hit' | 'refused' | 'error' | 'aborted';
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly usage: Usage | undefined;
  readonly costNanoUsd: number | undefined;
  /** The limits and budgets in shadow that would have refused the call, such as `requests:team`. */
  readonly shadowed: readonly string[] | undefined;
  readonly retries: number;
  readonly fallbacks: number;
  readonly durationMs: number;
  readonly firstByteMs: number | undefined;
  readonly upstreamMs: number;
  readonly metadata: JsonObject | undefined;
  /** What was asked for beside the answer that was given. Absent where nothing was. */
  readonly beside?: Beside;
  /** How often the stream broke off and another answer went on with it; usage and cost are of all of them. Absent where it did not. */
  readonly resumes?: number;
  /**
   * Of a call that nobody has made, by which a batch was charged: because somebody who `asked` about it or a `look` in
   * the background saw its end, or because its `deadline` had passed without one; then the cost is the most that it may
   * have been. Else absent.
   */
  readonly settledBy?: SettledBy;
  /** What the request's `metadata` says in short: its names, ids and tags, never a longer text. Absent where it says nothing. */
  readonly labels?: JsonObject;
  /** What was asked and answered, for sinks only and where the gateway was told to record it. */
  readonly said?: Said;
};

/** A call in its caller's and its model's words, as guardrails left them. */
export type Said = {
  /** The request without its bookkeeping, cut where it was too long. Absent where the call was refused before all guardrails had let it pass. */
  readonly request?: JsonObject | undefined;
  /** A whole answer in the form of its route; of a stream, what its pieces say together. Absent where there was none. */
  readonly answer?: JsonObject | undefined;
};

/** Answers of one call that nobody got, because others came sooner: hedges and races. */
export type Beside = {
  readonly asked: number;
  /** What they cost, in nano-dollars, as well as it can be told. It is in the cost of the call. */
  readonly costNanoUsd: number;
};

/**
 * Receives call records, in batches, from a bounded queue. A sink that fails or hangs loses records, which
 * are counted, and never holds up a call.
 */
export type Sink = {
  readonly name: string;
  write(records: readonly CallRecord[]): MaybePromise<void>;
  /** Hears when every deployment of a model or a provider fails, and when that is over. */
  outage?(outage: Outage): MaybePromise<void>;
  /** Hears of budgets that have come to a share of theirs, to their soft budget or to their end. */
  budgetAlert?(alert: BudgetAlert): MaybePromise<void>;
  /** Hears of each try at a deployment that failed for the deployment's sake. Called while the call waits: it is not to take long. */
  tryFailed?(failure: TryFailure): void;
  /** What it has counted, for those who ask at `/metrics`; absent means that it has no such page. */
  metrics?(): MetricsPage;
  close?(): MaybePromise<void>;
};

/** A page of figures in a form that its content type names, in pieces, so that a long one does not hold up the rest. */
export type MetricsPage = { readonly contentType: string; readonly text: AsyncIterable<string> };

/** What was spent from a moment on, until the next part begins. */
export type SpentPart = { readonly at: number; readonly costNanoUsd: number };

/**
 * Keeps call records for good: what was spent, by whom. No call that was answered may be missing in it, so the last
 * byte of an answer waits for it.
 */
export type Ledger = {
  /**
   * Resolves once the record outlives this process; rejects when that cannot be had. A record whose id is there
   * already is not added again.
   */
  append(record: CallRecord): Promise<void>;
  /**
   * What has been spent since a moment, in nano-dollars; of calls that have just ended, some may not be in it yet.
   * Counters that a store has lost are made anew from it. Without it, they begin at nothing.
   */
  spentSince?(whose: Spender, since: number): Promise<number>;
  /** The same for several of a kind by one question; who is not in the answer has spent nothing. Lists of objects ask so, where it is there. */
  spentSinceEach?(kind: Spender['kind'], ids: readonly string[], since: number): Promise<ReadonlyMap<string, number>>;
  /** The same in parts of `partMs`, for budgets that roll. */
  spentInParts?(whose: Spender, since: number, partMs: number): Promise<readonly SpentPart[]>;
  /** Without them, the routes that report spend have nothing to tell. */
  readonly reports?: LedgerReports;
  close?(): MaybePromise<void>;
};

/** Calls, newest first, and how many fit in all. */
export type CallPage = { readonly records: readonly CallRecord[]; readonly total: number };

/** What a ledger tells of what it keeps. */
export type LedgerReports = {
  /**
   * Sums of spend, dearest first. Calls that lack what is asked for by are left out; only a model or a provider that
   * nobody knows, as of calls that were refused before one was chosen, is an empty name.
   */
  spendBy(query: SpendQuery): Promise<readonly SpendRow[]>;
  calls(query: CallPageQuery): Promise<CallPage>;
};

/** What a logger package exports as `sink`, so that a configuration file can name the package. */
export type SinkPackage = {
  /**
   * Makes the sink from options as they stand in the file; `env` holds the credentials. Default: the process's environment.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject, env?: Readonly<Record<string, string | undefined>>): Sink;
};
