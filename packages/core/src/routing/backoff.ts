export type BackoffOptions = {
  /** Upper bound of the first wait, in milliseconds; each further one doubles it. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly random: () => number;
};

/** Longest `Retry-After` that is worth holding a caller for. */
export const MAX_RETRY_AFTER_MS = 60_000;

// A little later than asked, so that calls refused together do not come back together.
const RETRY_AFTER_JITTER = 0.05;

/** The wait before try number `attempt` (from 1): what the provider asked for, else full jitter under a doubling bound. */
export function waitBefore(attempt: number, retryAfterMs: number, { backoffMs, maxBackoffMs, random }: BackoffOptions): number {
  if (retryAfterMs > 0) return retryAfterMs * (1 + RETRY_AFTER_JITTER * random());
  return random() * Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));
}
