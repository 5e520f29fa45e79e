import type { BudgetCalendar } from '../directory/to-allowance.ts';
import type { DeclaredObject } from '../directory/declared-directory.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';
import type { IdentityInput } from '../identities/identity.ts';
import type { Aliases } from '../models/model-snapshot.ts';
import type { HookInput } from '../pipeline/hook.ts';
import type { MediaOptions } from '../provider/media/media-fetcher.ts';
import type { Provider } from '../provider/provider.ts';
import type { TransportOptions } from '../provider/transport.ts';
import type { RouterOptions } from '../routing/routing.ts';
import type { Store } from '../store/store.ts';
import type { DirectoryStore } from '../types/directory.ts';
import type { OnBudgetAlert } from '../types/budget-alert.ts';
import type { Allowance, Principal } from '../types/principal.ts';
import type { GuardrailUse } from '../types/guardrail.ts';
import type { ManagementRules } from '../types/management-rules.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import type { Price, Secret } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { ModelReader } from '../types/model-reader.ts';
import type { ParameterRules } from '../types/parameter-rules.ts';
import type { PriorityOptions } from '../types/priority.ts';
import type { Ledger, Sink } from '../types/record.ts';

/** Everything a gateway is made of. `Host` is the framework's own request, as `identify` gets it. */
export type GatewayOptions<Host = unknown> = {
  readonly providers?: readonly Provider[];
  readonly models?: readonly ModelGroup[];
  /** Other names for groups: a name, or several, whose deployments then answer as one group. */
  readonly aliases?: Aliases;

  /** The administrator's key. */
  readonly masterKey?: string | Secret;
  readonly keys?: readonly VirtualKey[];
  /**
   * Keys, users, teams and organizations that are made and changed while the gateway runs, by whoever writes to it.
   * Its keys are kept as hashes made with {@link saltKey}.
   */
  readonly directory?: DirectoryStore;
  /** Who there is from the start: in the directory like all others, under what is written to it. */
  readonly declared?: readonly DeclaredObject[];
  /** Reads the directory's models: `litellmModelReader()` of `@sluice/config` does. */
  readonly modelReader?: ModelReader;
  /**
   * What hashes of the directory's keys and ids of files and batches are made with: another one forgets them all.
   * Default: the master key. Where there is neither, such ids are good for as long as this process lives.
   */
  readonly saltKey?: string | Secret;
  /**
   * Former values of {@link saltKey}, or of the master key that stood in its place: what was made with them stays good
   * while it is made anew, credentials by `POST /credentials/migrate-encryption` and keys as they are used.
   */
  readonly formerSaltKeys?: readonly (string | Secret)[];
  /** The host's own session or user in place of keys; `undefined` leaves the call to the keys, or refuses it. */
  readonly identify?: (host: Host) => MaybePromise<Principal | undefined>;
  /**
   * Asked in this order for whom a credential stands that is no key of the gateway's: `jwt()` of `@sluice/identity-jwt`,
   * or a function of your own.
   */
  readonly identities?: readonly IdentityInput[];
  /** What is asked of calls besides a key. Routes are paths, which stand for all below them, or groups such as `management_routes`. */
  readonly access?: {
    /** Where calls may come from: addresses and networks, such as `10.0.0.0/8`, `::1` or `*`. Default: from everywhere. */
    readonly allowFrom?: readonly string[];
    /** Where they may not; goes before `allowFrom`. */
    readonly denyFrom?: readonly string[];
    /** Fields that every call of a model has to bring, at any depth, such as `metadata.team_id`. */
    readonly enforcedParams?: readonly string[];
    /** Routes that take calls without a key. */
    readonly publicRoutes?: readonly string[];
    /** Routes that only administrators may use. */
    readonly adminRoutes?: readonly string[];
    /** The only routes there are, but for administrators. */
    readonly allowedRoutes?: readonly string[];
    /** Headers that name the end user, before `x-sluice-end-user-id` and what requests say themselves. */
    readonly endUserHeaders?: readonly string[];
  };
  /** `false` lets everybody in. It has to be said. */
  readonly auth?: false;

  /** What is given, and how much may be, to those who are made by the management routes. */
  readonly management?: ManagementRules;

  /** What may be used, by whom there is no word about elsewhere. */
  readonly allowance?: {
    /** Each key without limits, or without a budget, of its own. */
    readonly perKey?: Allowance | undefined;
    /** Each user without any of their own. */
    readonly perUser?: Allowance | undefined;
    /** Single users, by id: the user of the key, or else whom the request names as its `user`. */
    readonly users?: Readonly<Record<string, Allowance>> | undefined;
    /** Each team without limits, or without a budget, of its own. */
    readonly perTeam?: Allowance | undefined;
    /** Each end user, as calls name them, without any of their own. A budget needs a window, so that none is kept for ever. */
    readonly perEndUser?: Allowance | undefined;
    /** All calls together. */
    readonly gateway?: Allowance | undefined;
  };
  readonly limits?: {
    /** Output to count with until it is known, for calls that set no limit to it. Default 1024 tokens. */
    readonly assumedOutputTokens?: number;
    /** Who goes on when a model is nearly at what its providers allow. Default: whoever comes first. */
    readonly priority?: PriorityOptions;
  };
  readonly budget?: {
    /** What may be spent at each provider; then calls go elsewhere. */
    readonly providers?: Readonly<Record<string, Pick<Allowance, 'budgetNanoUsd' | 'budgetWindow'>>>;
    /** Shares of every budget of which `onAlert` is told, such as 0.8: each once in its window. Default: none. */
    readonly alertAt?: readonly number[];
    /** Hears of budgets that have come to such a share, to their soft budget, or to their end. Default, where there are any: a process warning. */
    readonly onAlert?: OnBudgetAlert;
    /** A model without a price, while a budget is in force: refused (default), or called at no cost. */
    readonly unpriced?: 'refuse' | 'allow';
    /** Where the days of budgets begin that the directory tells of. Default: midnight in UTC. */
    readonly calendar?: BudgetCalendar;
    /** Output to reserve for when the caller sets no limit and the model's is unknown. Default 4096 tokens. */
    readonly assumedOutputTokens?: number;
  };
  /** A store or a ledger that cannot be reached: calls are refused (`closed`, default) or pass. */
  readonly onStoreError?: 'closed' | 'open';
  readonly guardrails?: readonly GuardrailUse[];
  /** Exact answers again for exact requests of the same tenant. Default off. */
  readonly cache?: boolean | { readonly ttlMs?: number; readonly maxEntryBytes?: number; readonly operations?: readonly string[] };
  /** Who is asked first, how often to try again, and where to go on. */
  readonly router?: RouterOptions;
  /** What becomes of parameters that a provider lacks, for every deployment that does not say otherwise. */
  readonly parameterRules?: ParameterRules;
  /** Fields for requests that do not set them, at deployments that do not either. */
  readonly defaults?: JsonObject;
  /** Prices that go before the catalogue's, by `provider/model` or model name. */
  readonly prices?: Readonly<Record<string, Price>>;
  readonly sinks?: readonly Sink[];
  /** Keeps what every call has cost, for good. The last byte of an answer waits for it, and counters that the store has lost are made anew from it. */
  readonly ledger?: Ledger;
  /** Whether call records may quote a provider's errors, which can repeat the prompt. Default: the meaning of the code instead. */
  readonly quoteErrors?: boolean;
  /** Whether sinks are told what was asked and answered, as guardrails left it; of a call refused before that, nothing. Default false: then no record holds a word of it. */
  readonly recordMessages?: boolean;
  /** Spans through `@opentelemetry/api`. Default on; costs nothing while no SDK is registered. */
  /** How it is found out whether deployments are well. Default: when `/health` is asked, and from how calls fare. */
  readonly health?: HealthOptions;
  readonly telemetry?: boolean;

  /** Hooks of your own, each run in the phase it names, inside the built-in hook of that phase. */
  readonly hooks?: readonly HookInput[];
  /** Where limits, budgets and the cache are kept. Default: in this process. */
  readonly store?: Store;
  /** Whether `x-sluice-*` headers come under LiteLLM's names as well, for 3 µs an answer. Default true. */
  readonly litellmHeaders?: boolean;
  /** Longest request body that is read, in bytes. Default 32 MiB. */
  readonly bodyLimitBytes?: number;
  /** Longest upload to `/v1/files`, in bytes. It is not held in memory. Default 512 MiB, as OpenAI's. */
  readonly fileLimitBytes?: number;
  /**
   * Whether requests may name files by a provider's own ids (`file_id`), which whoever knows one may use. Default true;
   * `false`: only by ids that `/v1/files` has given to the same key.
   */
  readonly takesForeignFileIds?: boolean;
  /** How batches are seen to end that nobody asks about. */
  readonly batches?: {
    /** From one look at those that are open to the next, on average, in milliseconds. Default 10 minutes; `false`: nobody looks. */
    readonly lookEveryMs?: number | false;
    /** How long after its completion window a batch is waited for, in milliseconds; then it is charged with the most that it may cost. Default 25 hours. */
    readonly overdueAfterMs?: number;
  };
  /** Longest wait for the head of an upstream's answer, in milliseconds. Default 10 minutes, as the official clients. */
  readonly timeoutMs?: number;
  /** Longest silence inside an upstream's answer, in milliseconds. Default 5 minutes. */
  readonly idleTimeoutMs?: number;
  /**
   * When the head of a streamed answer leaves although nothing has come yet, in milliseconds, so that the caller can be
   * sent signs of life; what fails after that fails as an event. Default 10,000; `false` never.
   */
  readonly streamHeadAfterMs?: number | false;
  /** Longest complete answer that is read, in bytes. Default 64 MiB. */
  readonly maxAnswerBytes?: number;
  readonly upstream?: TransportOptions;
  /**
   * How images and documents that a caller names by address are fetched, for providers that take only their bytes:
   * from public addresses only. `false`: not at all.
   */
  readonly media?: MediaOptions | false;
  /** Hears of what failed after an answer had left, and of defects. Default: `process.emitWarning`. */
  readonly onError?: (error: unknown) => void;
};

export type HealthOptions = {
  /** How often deployments are asked in the background, in milliseconds. Default: never. */
  readonly everyMs?: number;
  /** Longest wait for one, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Asks by the shortest call there is, recorded and paid for like any other, in place of a request that costs nothing. Default false. */
  readonly isBilled?: boolean;
};
