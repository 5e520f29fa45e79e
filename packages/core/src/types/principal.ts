import type { JsonObject } from './json.ts';

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
