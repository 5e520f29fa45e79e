import type { GatewayError } from '../../errors/gateway-error.ts';
import type { Deployment } from '../../types/model.ts';
import { type BackoffOptions, MAX_RETRY_AFTER_MS, waitBefore } from './backoff.ts';
import type { Cooldown } from './cooldown.ts';
import { hopeAfter } from './failure.ts';
import { pick } from './pick.ts';
import type { RetryBudget } from './retry-budget.ts';

export type GroupTriesOptions = BackoffOptions & {
  readonly cooldown: Cooldown;
  readonly budget: RetryBudget;
  readonly retries: number;
  readonly now: () => number;
  /** Whether another group stands ready, so that a long wait here is not worth it. */
  readonly hasFallback: boolean;
};

export type Try = { readonly deployment: Deployment; readonly waitMs: number };

/** The tries of one call within one group: which deployment first, which next, and when it is enough. */
export class GroupTries {
  readonly #deployments: readonly Deployment[];
  readonly #options: GroupTriesOptions;
  /** When each deployment that failed may be tried again. */
  #again: Map<Deployment, number> | undefined;
  #failures = 0;

  constructor(deployments: readonly Deployment[], options: GroupTriesOptions) {
    this.#deployments = deployments;
    this.#options = options;
  }

  /** By weight among those that have not just failed; among all, when all have. */
  first(): Deployment | undefined {
    return this.#pickReady(this.#deployments) ?? pick(this.#deployments, this.#options.random);
  }

  /** The next try after `deployment` failed with `error`, or nothing when this group has had its chance. */
  next(deployment: Deployment, error: GatewayError): Try | undefined {
    const { retries, cooldown, now, budget } = this.#options;
    const hope = hopeAfter(error);
    cooldown.note(deployment, error);
    this.#failures += 1;
    this.#again ??= new Map();
    this.#again.set(deployment, hope === 'again' ? now() + (error.retryAfterMs ?? 0) : Number.POSITIVE_INFINITY);
    if (this.#failures > retries || hope === 'another-group' || hope === 'none') return undefined;

    const untried = this.#deployments.filter((candidate) => !this.#again?.has(candidate));
    const ready = this.#pickReady(untried);
    if (ready) return { deployment: ready, waitMs: 0 };
    const next = untried.length > 0 ? toTryNow(pick(untried, this.#options.random)) : this.#soonest();
    return next && budget.take() ? next : undefined;
  }

  #pickReady(among: readonly Deployment[]): Deployment | undefined {
    return pick(
      among.filter((deployment) => this.#options.cooldown.isReady(deployment)),
      this.#options.random,
    );
  }

  #soonest(): Try | undefined {
    const { hasFallback, maxBackoffMs, now } = this.#options;
    const [deployment, at] = [...(this.#again ?? [])].reduce((best, candidate) => (candidate[1] < best[1] ? candidate : best));
    const askedMs = Math.max(0, at - now());
    if (askedMs > (hasFallback ? Math.min(maxBackoffMs, MAX_RETRY_AFTER_MS) : MAX_RETRY_AFTER_MS)) return undefined;
    return { deployment, waitMs: waitBefore(this.#failures, askedMs, this.#options) };
  }
}

function toTryNow(deployment: Deployment | undefined): Try | undefined {
  return deployment && { deployment, waitMs: 0 };
}
