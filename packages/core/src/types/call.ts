import type { Json, JsonObject, MaybePromise } from './json.ts';

/** What a caller may ask for. Plugins and later releases may add operations of their own. */
export type Operation = ModelOperation | FileOperation | LocalOperation | ManagementOperation;

/** Operations that a deployment answers. */
export type ModelOperation =
  | 'chat'
  | 'completions'
  | 'embeddings'
  | 'moderations'
  | 'images.generate'
  | 'images.edit'
  | 'audio.speech'
  | 'audio.transcribe'
  | 'audio.translate'
  | 'responses'
  | 'rerank'
  | 'ocr'
  | 'tokens.count';

/** Operations on what is kept at a provider. Which deployment answers is told by the id, once there is one. */
export type FileOperation =
  | 'files.create'
  | 'files.list'
  | 'files.get'
  | 'files.content'
  | 'files.delete'
  | 'batches.create'
  | 'batches.list'
  | 'batches.get'
  | 'batches.cancel';

/** Operations that the gateway answers by itself, from what it knows. */
export type LocalOperation = 'models.list' | 'models.get' | 'health' | 'metrics' | 'upgrade';

/** Operations on who there is: keys, users, teams and so on. */
export type ManagementOperation = `admin.${string}`;

/**
 * The events of one read from upstream, so that a stream costs one turn of the loop a read and not one an event.
 * `wire` holds the very bytes of exactly these events and is gone once any of them was changed.
 */
export type Batch = { readonly events: readonly Json<JsonObject>[]; readonly wire?: Uint8Array | undefined };

/**
 * What a hook returns: a whole JSON answer, the start of a stream of events, or bytes (speech).
 * A stream that breaks throws from its iterator; it never just ends.
 */
export type Reply = CompleteReply | StreamReply | BytesReply;

export type CompleteReply = { readonly kind: 'complete'; readonly body: Json<JsonObject> };

export type StreamReply = { readonly kind: 'stream'; readonly batches: AsyncIterable<Batch> };

export type BytesReply = { readonly kind: 'bytes'; readonly contentType: string; readonly chunks: AsyncIterable<Uint8Array> };

/** How a call ended. Known only after the last byte has left, or the call has failed. */
export type Outcome = { readonly status: 'ok' } | { readonly status: 'aborted' } | { readonly status: 'error'; readonly error: unknown };

/** Limits over a sliding minute, and on calls at the same time. Absent means without limit. */
export type Limits = {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly parallelCalls?: number;
  /** Money in nano-dollars. */
  readonly costPerMinuteNanoUsd?: number;
};

/**
 * How long a budget lasts before it starts anew: `30s`, `5m`, `2h`, `1d`, `1w`, `1mo`. Written as LiteLLM reads it,
 * `7d` is a week and `30d` a month.
 */
export type BudgetWindow = {
  readonly length: string;
  /**
   * `calendar` (default): on even seconds, minutes and hours; days at midnight, weeks on Monday, months on their first.
   * `rolling`: what was spent longer ago than the length no longer counts; a month then has thirty days.
   */
  readonly alignment?: 'calendar' | 'rolling';
  /** IANA name of the zone whose midnight counts. Default `UTC`. */
  readonly timeZone?: string;
  /** Time of day, as `HH:MM`, at which days, weeks and months begin. Default `00:00`. */
  readonly resetAt?: string;
};

/** How much may be used. Absent means without limit. */
export type Allowance = {
  readonly limits?: Limits | undefined;
  readonly budgetNanoUsd?: number | undefined;
  /** When the budget starts anew. Absent means never. */
  readonly budgetWindow?: BudgetWindow | undefined;
  /** Spend that is told of, and refuses nobody, in nano-dollars; over the same window. */
  readonly softBudgetNanoUsd?: number | undefined;
  /** Limits and budget are counted, and what they would refuse is told, but nothing is refused. */
  readonly isShadow?: boolean | undefined;
  /** Sends calls to cheaper models once a share of the budget is used. */
  readonly degrade?: Degradation | undefined;
};

export type Degradation = {
  /** Of the budget, between 0 and 1. */
  readonly at: number;
  /** What answers in place of a model, by the names that callers use. Others stay as they are. */
  readonly to: Readonly<Record<string, string>>;
};

/** Whom or what, beside the key itself, a call is counted against: each allowance of each has to have room for it. */
export type Account = Allowance & {
  readonly kind: 'user' | 'team' | 'team_member' | 'organization' | 'project' | 'end_user' | 'tag';
  readonly id: string;
};

/** What a limit or a budget may belong to. */
export type OwnerKind = 'key' | 'key_model' | Account['kind'] | 'address' | 'gateway' | 'provider' | 'deployment';

/** What a limit or a budget belongs to. */
export type Owner = Allowance & { readonly kind: OwnerKind; readonly id: string };

/** What a person may do with the gateway itself. */
export type Role = 'proxy_admin' | 'proxy_admin_viewer' | 'org_admin' | 'internal_user' | 'internal_user_viewer';

/** Whom a call is made for. Set by the auth hook, trusted by every hook inside it. */
export type Principal = Allowance & {
  /** Names the key in records, counters and cache keys; never the key itself. */
  readonly keyId: string;
  readonly keyAlias?: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly organizationId?: string;
  readonly projectId?: string;
  /** The customer of the caller's for whom the call is made. */
  readonly endUserId?: string;
  /** What spend is summed up by, beside all of these. */
  readonly tags?: readonly string[];
  /** May use the operations that show or change the gateway itself. */
  readonly isAdmin?: boolean;
  /** Absent for keys that stand for nobody in particular: those may only call models. */
  readonly role?: Role;
  /** Model groups this principal may call; `*` is a wildcard. Absent means all. */
  readonly models?: readonly string[];
  /** More such lists, each of which has to allow a group as well: of the team, the organization and so on. */
  readonly modelBounds?: readonly (readonly string[])[];
  /** What the key may use of single model groups, by the name that callers use. */
  readonly modelAllowances?: Readonly<Record<string, Allowance>>;
  /** Who else answers for the call: the user, the team, the organization and so on. */
  readonly accounts?: readonly Account[];
  /** Other names under which it calls models. */
  readonly modelAliases?: Readonly<Record<string, string>>;
  /** Paths, with `*` as a wildcard, and groups of them that it may use. Absent means all. */
  readonly allowedRoutes?: readonly string[];
  /** Fields that its calls of models have to bring, such as `metadata.team_id`. */
  readonly enforcedParams?: readonly string[];
  /** Names of registered guardrails that its calls pass beside those of everybody. */
  readonly guardrails?: readonly string[];
  /** Regions its calls may be answered in; `*` is a wildcard. Absent means all. */
  readonly regions?: readonly string[];
  /** May ask how a call would be routed. */
  readonly mayExplain?: boolean;
  readonly metadata?: JsonObject;
};

/** What a mount point demands on top of what the principal may do. Made by `gateway.policy()`. */
export type Policy = Allowance & {
  /** Names the policy in counters; two mounts with the same name share them. */
  readonly name: string;
  readonly models?: readonly string[];
  readonly regions?: readonly string[];
  /** Names of registered guardrails that run here as well, whatever the caller asks for. */
  readonly guardrails?: readonly string[];
};

/** What a call used, and on what terms where its price depends on them. */
export type Usage = UsageCounts & {
  /** In which service tier it was served, where that is not the usual one: `flex`, `priority`, `batch`, … */
  readonly serviceTier?: string;
  /** How much each search brought, where that is not `medium`. */
  readonly webSearchSize?: 'low' | 'high';
  /** What the provider itself says that the call costs, in nano-dollars. It is what the call costs where its model has no price. */
  readonly reportedCostNanoUsd?: number;
};

/** Input and output counts include their parts: cached, cache-written, audio and image input; reasoning, audio and image output. */
export type UsageCounts = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  /** Parts of the cached ones, and of the audio and image ones. */
  readonly cachedAudioInputTokens?: number;
  readonly cachedImageInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
  /** Those of the cache-written ones that are kept for an hour and longer. */
  readonly hourCacheWriteInputTokens?: number;
  readonly audioInputTokens?: number;
  readonly imageInputTokens?: number;
  readonly reasoningTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Beside the output: what an answer cites, where that is billed. */
  readonly citationTokens?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly characters?: number;
  /** As rerankers bill: one for a query with up to a hundred documents. */
  readonly searchUnits?: number;
  /** Of a document that was read, and of those the ones that were described as well. */
  readonly pages?: number;
  readonly annotatedPages?: number;
  /** Made by the provider on the model's behalf. */
  readonly webSearches?: number;
};

/** Texts of a form by the names of their fields: a list where a name stands more than once. */
export type FormValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * A multipart body on its way through: the fields that came before its file, and the bytes that follow.
 * It is not held in memory as a whole unless its order forces it, so it may be sendable only once.
 */
export type Upload = {
  readonly contentType: string;
  readonly fields: FormValues;
  /** Whether {@link Upload.body} may be called (again). */
  readonly isReplayable: boolean;
  /** How the contents of its first file begin, as far as they were held. */
  readonly fileHead?: Uint8Array | undefined;
  /** The whole body with the fields given here in place of the caller's. */
  body(replace: FormValues, options?: FormOptions): AsyncIterable<Uint8Array>;
  /** The form as a whole, held in memory from then on: for who sends its parts in another form than they came in. */
  whole(): Promise<WholeForm>;
};

export type WholeForm = { readonly fields: FormValues; readonly files: readonly UploadedFile[] };

export type UploadedFile = {
  /** The name of its field. */
  readonly field: string;
  readonly fileName?: string | undefined;
  /** As the caller says, or `application/octet-stream`. */
  readonly contentType: string;
  readonly bytes: Buffer;
};

export type FormOptions = {
  /** Lets a part other than those replaced through; one that it does not breaks the body off. */
  readonly mayPass?: MayPass;
  /** Names of fields that are not sent. */
  readonly without?: readonly string[];
  /** Puts other contents in the place of each file's. */
  readonly rewriteFile?: FileRewriter;
};

/** Rewrites the contents of a file as they go by. */
export type FileRewriter = { push(bytes: Uint8Array): MaybePromise<Uint8Array>; end(): MaybePromise<Uint8Array> };

/** Whether a part of a form may be sent that nobody has seen the contents of. */
export type MayPass = (part: { readonly name: string; readonly isFile: boolean }) => boolean;
