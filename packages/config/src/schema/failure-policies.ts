import type { z } from 'zod';
import { count } from './values.ts';

/** Kinds of failure as LiteLLM calls them, and as we do. */
export const FAILURE_CLASSES = {
  BadRequestError: 'badRequest',
  AuthenticationError: 'authentication',
  TimeoutError: 'timeout',
  RateLimitError: 'rateLimit',
  ContentPolicyViolationError: 'contentPolicy',
  InternalServerError: 'server',
} as const;

export type FailureName = keyof typeof FAILURE_CLASSES;

export const FAILURE_NAMES = Object.keys(FAILURE_CLASSES) as readonly FailureName[];

type Keys<S extends string> = Record<`${FailureName}${S}`, z.ZodOptional<typeof count>>;

/** One key for each kind of failure. */
function keys<S extends string>(suffix: S, meaning: string): Keys<S> {
  return Object.fromEntries(FAILURE_NAMES.map((name) => [`${name}${suffix}`, count.describe(`${meaning} \`${name}\``).optional()])) as Keys<S>;
}

export const retriesFor = keys('Retries', 'Further tries after');
export const allowedFailsFor = keys('AllowedFails', 'Failures within a minute that are borne, of');
