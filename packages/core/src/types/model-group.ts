import type { HedgeOptions } from './hedge.ts';
import type { MirrorOptions } from './mirror.ts';
import type { Deployment } from './model.ts';
import type { Strategy } from './strategy.ts';

/** Kinds of failure that may have a number of retries of their own. */
export type FailureClass = 'badRequest' | 'authentication' | 'timeout' | 'rateLimit' | 'contentPolicy' | 'server';

/** The name callers use, and the deployments that may answer to it. A name may hold `*`. */
export type ModelGroup = {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  /** Groups to try, in order, when every deployment here has failed. */
  readonly fallbacks?: readonly string[];
  /** Groups to try before those when a request is too long. */
  readonly contextFallbacks?: readonly string[];
  /** Groups to try when a provider refuses what was said; otherwise nobody is. */
  readonly contentPolicyFallbacks?: readonly string[];
  /** Further tries, after the first. Default: the router's. */
  readonly retries?: number;
  /** The same for kinds of failure. */
  readonly retriesFor?: Readonly<Partial<Record<FailureClass, number>>>;
  /** How a deployment is chosen. Default: the router's. */
  readonly strategy?: Strategy;
  /** When a second deployment is asked beside a slow one. Default: the router's; `false` never. */
  readonly hedge?: HedgeOptions | false;
  /** Whether another answer goes on with a stream that breaks off in the middle. Default: the router's. */
  readonly resume?: boolean;
  /** Another group that is asked the same, for comparison. */
  readonly mirror?: MirrorOptions;
  /** Answers by its name, and stands in no list. */
  readonly isHidden?: boolean;
  /** Answers nobody, as though every deployment were blocked, and stands in no list; what it falls back to does. */
  readonly isBlocked?: boolean;
};
