import type { JsonObject } from './json.ts';
import type { ParameterRules } from './parameter-rules.ts';

/**
 * Prices in whole nano-dollars per million units, so that sums never drift.
 * A part without a price of its own costs what the whole costs: cached input as input, reasoning as output.
 */
export type Price = {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWriteInput?: number;
  readonly audioInput?: number;
  readonly imageInput?: number;
  readonly reasoning?: number;
  readonly audioOutput?: number;
  readonly imageOutput?: number;
  readonly perImage?: number;
  readonly perSecond?: number;
  readonly perCharacter?: number;
  readonly perRequest?: number;
  readonly perSearchUnit?: number;
  readonly perPage?: number;
  /** On top of the price of the page. */
  readonly perAnnotatedPage?: number;
  /** From `aboveInputTokens` on, the whole call costs the tier's prices. Ascending. */
  readonly tiers?: readonly ({ readonly aboveInputTokens: number } & Omit<Price, 'tiers'>)[];
};

/** A credential that can be used but not shown: it turns into `[secret]` wherever it is printed. */
export type Secret = { reveal(): string };

/** One place a model can be called: a provider, its name for the model, and how to reach it. */
export type Deployment = {
  readonly id: string;
  readonly provider: string;
  /** The provider's own name for the model. */
  readonly model: string;
  readonly baseUrl?: string;
  readonly apiKey?: Secret;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields for requests that do not set them. */
  readonly defaults?: JsonObject;
  /** What only this provider understands, such as an API version or a region. */
  readonly options?: JsonObject;
  /** For this deployment, before the gateway's. */
  readonly parameterRules?: ParameterRules;
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
  readonly tags?: readonly string[];
};

/** The name callers use, and the deployments that may answer to it. A name may hold `*`. */
export type ModelGroup = {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  /** Groups to try, in order, when every deployment here has failed. */
  readonly fallbacks?: readonly string[];
};
