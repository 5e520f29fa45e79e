import type { GatewayError } from '../../errors/gateway-error.ts';
import type { ErrorCode } from '../../errors/error-codes.ts';
import type { Deployment } from '../../types/model.ts';
import { MAX_RETRY_AFTER_MS } from './backoff.ts';

const COOLDOWN_MS = 5_000;

/** Failures that say something of the deployment and not of the request. */
const COOLING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_rate_limited', 'upstream_overloaded', 'upstream_unreachable', 'upstream_timeout']);

/** Which deployments have just failed. It only changes who is preferred, so the last one left is never locked out. */
export class Cooldown {
  readonly #now: () => number;
  // Keyed by the object: each name behind a wildcard cools by itself, and what is forgotten is collected.
  readonly #until = new WeakMap<Deployment, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  note(deployment: Deployment, error: GatewayError): void {
    if (!COOLING.has(error.code)) return;
    const until = this.#now() + Math.min(error.retryAfterMs ?? COOLDOWN_MS, MAX_RETRY_AFTER_MS);
    if (until > (this.#until.get(deployment) ?? 0)) this.#until.set(deployment, until);
  }

  isReady(deployment: Deployment): boolean {
    const until = this.#until.get(deployment);
    return until === undefined || until <= this.#now();
  }
}
