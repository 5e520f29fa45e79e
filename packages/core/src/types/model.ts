import type { BudgetWindow } from './principal.ts';
import type { JsonObject } from './json.ts';
import type { ParameterRules } from './parameter-rules.ts';

/**
 * Prices in whole nano-dollars per million units, so that sums never drift.
 * A part without a price of its own costs what the whole costs: cached input as input, reasoning as output.
 */
export type Price = Rates & {
  /** From `aboveInputTokens` on, the whole call costs the tier's prices. Ascending. */
  readonly tiers?: readonly PriceTier[];
  /** What is priced otherwise in a service tier (`flex`, `priority`, `batch`, …); its own `tiers` stand in place of the others. */
  readonly serviceTiers?: Readonly<Record<string, Partial<Rates> & { readonly tiers?: readonly PriceTier[] }>>;
};

export type PriceTier = { readonly aboveInputTokens: number } & Rates;

export type Rates = {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  /** Cached sound and pictures; where they have no price, as sound and pictures. */
  readonly cachedAudioInput?: number;
  readonly cachedImageInput?: number;
  readonly cacheWriteInput?: number;
  /** What is kept for an hour and longer; where it has no price, as other input written to the cache. */
  readonly hourCacheWriteInput?: number;
  readonly audioInput?: number;
  readonly imageInput?: number;
  readonly reasoning?: number;
  readonly audioOutput?: number;
  readonly imageOutput?: number;
  /** Tokens of what an answer cites, where they are billed beside the rest. */
  readonly citation?: number;
  readonly perImage?: number;
  readonly perSecond?: number;
  readonly perCharacter?: number;
  readonly perRequest?: number;
  readonly perSearchUnit?: number;
  readonly perPage?: number;
  /** On top of the price of the page. */
  readonly perAnnotatedPage?: number;
  /** A search of the web on the model's behalf, and one that brings little or much of what it finds. */
  readonly perWebSearch?: number;
  readonly perLowWebSearch?: number;
  readonly perHighWebSearch?: number;
};

/** A credential that can be used but not shown: it turns into `[secret]` wherever it is printed. */
export type Secret = { reveal(): string };

/**
 * Where a provider is told that it may keep what goes before: at the end of the messages of this role, of the message at
 * this place (from the end, where it is below zero), or of the tools.
 */
export type CachePoint =
  | { readonly location: 'message'; readonly role?: string; readonly index?: number; readonly control?: JsonObject }
  | { readonly location: 'tools'; readonly control?: JsonObject };

/** One place a model can be called: a provider, its name for the model, and how to reach it. */
export type Deployment = {
  readonly id: string;
  readonly provider: string;
  /** The provider's own name for the model. */
  readonly model: string;
  /** The model behind that name, where the name is the owner's own, as for what is deployed in a cloud: for its price and its limits. */
  readonly baseModel?: string;
  readonly baseUrl?: string;
  readonly apiKey?: Secret;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields for requests that do not set them. */
  readonly defaults?: JsonObject;
  /** What only this provider understands, such as an API version or a region. */
  readonly options?: JsonObject;
  /** For this deployment, before the gateway's. */
  readonly parameterRules?: ParameterRules;
  /** For requests that name none by `cache_control_injection_points`. Of use where a provider reads `cache_control`. */
  readonly cachePoints?: readonly CachePoint[];
  /** Share of the calls among the deployments of a group. Default 1. */
  readonly weight?: number;
  readonly price?: Price;
  readonly maxOutputTokens?: number;
  /** The longest input the model reads, where it is known. */
  readonly maxInputTokens?: number;
  /** Longest silence before the first byte of an answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** A provider that answers in place of this one's, for tests: nothing is sent to the real one. Prices stay the real one's. */
  readonly standIn?: string;
  /** Which calls it is for, where the router goes by tags. */
  readonly tags?: readonly string[];
  /** Where it runs, such as `eu-west-1` or `eu`, for callers who are bound to a region and for the nearest one. */
  readonly region?: string;
  /** The lowest number is called as long as it can be. Default 0. */
  readonly order?: number;
  /** How it is asked whether it is well. `false`: background checks leave it alone. */
  readonly healthCheck?: false | DeploymentHealthCheck;
  /** Is not called until it is unblocked, whatever else can be called or not. */
  readonly isBlocked?: boolean;
  /** What the model can and cannot take; what is not said is not checked. */
  readonly capabilities?: Capabilities;
  /** Calls and tokens a minute that the provider allows: shares without a `weight`, ceilings for routing by usage. */
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Calls that may be under way there at the same time, streams until their last byte. Further ones go elsewhere, or wait. */
  readonly parallelCalls?: number;
  /** What may be spent there, in nano-dollars, and when that starts anew; then calls go elsewhere. Default: without end. */
  readonly budgetNanoUsd?: number;
  readonly budgetWindow?: BudgetWindow;
  /** Longest wait for the first event of a stream, in milliseconds, its head included. */
  readonly firstTokenTimeoutMs?: number;
  /** Longest silence inside an answer, in milliseconds. Default: the gateway's. */
  readonly idleTimeoutMs?: number;
  /** Further tries after one of its failures. Default: the group's, else the router's. */
  readonly retries?: number;
  /** How long it is passed over when it has failed, in milliseconds; 0 never. Default: what the provider asks for, else the router's. */
  readonly cooldownMs?: number;
};

/** What of a health check is otherwise than for others. */
export type DeploymentHealthCheck = {
  /** Longest wait for it, in milliseconds. Default: the gateway's. */
  readonly timeoutMs?: number;
  /** Where checks are billed, the name that is called: for a deployment behind a wildcard, which has none of its own. */
  readonly model?: string;
  /** Where checks are billed, the most that is asked for. Default 5. */
  readonly maxTokens?: number;
};

/** What a model can take. */
export type Capabilities = {
  readonly vision?: boolean;
  readonly tools?: boolean;
  readonly jsonSchema?: boolean;
  readonly audio?: boolean;
  /** Goes on with a message of the assistant that ends the conversation. Default: what its provider says. */
  readonly prefix?: boolean;
};
