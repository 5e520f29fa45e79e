import { GatewayError } from '../errors/gateway-error.ts';
import type { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { andThen } from '../stream/maybe-promise.ts';
import type { MaybePromise } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import type { RoutedCall, Strategy } from '../types/strategy.ts';
import { type BackoffOptions, MAX_RETRY_AFTER_MS, waitBefore } from './backoff.ts';
import type { DeploymentBook } from './deployment-book.ts';
import type { Hedging } from './hedging.ts';
import type { DeploymentLoad } from './load.ts';
import { type FailureRules, hopeAfter, retriesAfter } from './failure.ts';
import type { RetryBudget } from './retry-budget.ts';
import { readyOf } from './ready.ts';
import { byWeight } from './strategies/by-weight.ts';

export type GroupTriesOptions = BackoffOptions & {
  readonly book: DeploymentBook;
  readonly budget: RetryBudget;
  readonly rules: FailureRules;
  /** Default: by weight. Comes with the call it is to see. */
  readonly strategy: Strategy | undefined;
  readonly call: RoutedCall | undefined;
  /** Whether the lowest `order` goes first. */
  readonly hasOrder: boolean;
  /** Whether a deployment takes only so many calls at the same time. */
  readonly hasPlaces: boolean;
  /** Where to wait for a place. Lower goes sooner. */
  readonly priority: number;
  readonly controller: LazyAbortController;
  /** Whether another group stands ready, so that a long wait here is not worth it. */
  readonly hasFallback: boolean;
  /** Where one that is slow to begin may have another asked beside it. */
  readonly hedging: Hedging | undefined;
  /** Whether all are asked at the same time. */
  readonly asksAll: boolean;
};

export type Try = { readonly deployment: Deployment; readonly waitMs: number };

/** The tries of one call within one group: which deployment first, which next, and when it is enough. */
export class GroupTries {
  readonly #deployments: readonly Deployment[];
  readonly #options: GroupTriesOptions;
  /** When each deployment that failed may be tried again. */
  #again: Map<Deployment, number> | undefined;
  #failures = 0;
  /** Where a place was taken while waiting. */
  held: Deployment | undefined;

  constructor(deployments: readonly Deployment[], options: GroupTriesOptions) {
    this.#deployments = deployments;
    this.#options = options;
  }

  /** One of those that have not just failed; of all, when all have. */
  first(): MaybePromise<Deployment> {
    if (this.#options.hasPlaces) return this.#place(this.#deployments);
    if (this.#deployments.length === 1) return this.#deployments[0] as Deployment;
    const ready = this.#ready(this.#deployments);
    return this.#pick(ready.length > 0 ? ready : this.#deployments);
  }

  /** Whether every deployment has failed and none is due to be tried again. */
  get isDown(): boolean {
    const { book } = this.#options;
    return this.#deployments.every((deployment) => {
      const breaker = book.breaker(deployment);
      return breaker?.state === 'open' && !breaker.mayProbe();
    });
  }

  /** Whether an answer will do; without a strategy that judges, every one does. */
  get accepts(): Strategy['accepts'] {
    return this.#options.strategy?.accepts;
  }

  get call(): RoutedCall | undefined {
    return this.#options.call;
  }

  /** The load of a deployment, where it has to be measured. */
  load(deployment: Deployment): DeploymentLoad | undefined {
    const { strategy, hasPlaces, book } = this.#options;
    return strategy?.isMeasured || hasPlaces ? book.load(deployment) : undefined;
  }

  /** Another one, now that the answer of `deployment` would not do; nothing when all were asked. */
  escalate(deployment: Deployment): MaybePromise<Deployment> | undefined {
    this.#again ??= new Map();
    this.#again.set(deployment, Number.POSITIVE_INFINITY);
    const { untried } = this;
    return untried.length === 0 ? undefined : this.#pick(untried);
  }

  get hedging(): Hedging | undefined {
    return this.#options.hedging;
  }

  /** Those to be asked at the same time, where all are; none when no place is free. */
  together(): readonly Deployment[] {
    const { asksAll, book } = this.#options;
    if (!asksAll) return [];
    const free = this.#deployments.filter((deployment) => !book.isFull(deployment));
    return orAll(this.#ready(free), free);
  }

  /** Another one to be asked beside `slow`: not known to be failing, with a free place, at a price that may be paid. */
  beside(slow: Deployment): MaybePromise<Deployment> | undefined {
    const { book, hedging, call, budget } = this.#options;
    if (!hedging?.hasSome || !call) return undefined;
    const able = this.untried.filter((other) => other !== slow && !book.isFull(other) && hedging.mayCost(call.costAt(other)));
    const ready = this.#ready(able);
    if (ready.length === 0 || !budget.take()) return undefined;
    hedging.take();
    return andThen(this.#pick(ready), (deployment) => {
      (this.#again ??= new Map()).set(deployment, Number.POSITIVE_INFINITY);
      return deployment;
    });
  }

  /** The next try after `deployment` failed with `error`, or nothing when this group has had its chance. */
  next(deployment: Deployment, error: GatewayError): MaybePromise<Try | undefined> {
    const { book, rules } = this.#options;
    const hope = hopeAfter(error, rules);
    // Nobody was asked, so nobody has failed.
    const isBusy = error.code === 'deployments_busy' || error.code === 'deployments_over_budget';
    if (!isBusy) this.#failures += 1;
    this.#again ??= new Map();
    this.#again.set(deployment, hope === 'again' ? book.now() + (error.retryAfterMs ?? 0) : Number.POSITIVE_INFINITY);
    if (this.#failures > retriesAfter(error, rules, deployment.retries) || hope === 'none') return undefined;

    const able = hope === 'another-group' ? this.untried.filter((other) => readsMore(other, deployment)) : this.untried;
    const untried = this.#options.hasPlaces ? able.filter((other) => !book.isFull(other)) : able;
    if (hope === 'another-group' && untried.length === 0) return undefined;
    const ready = untried.length > 0 ? this.#ready(untried) : untried;
    if (isBusy && untried.length === 0) return undefined;
    if (ready.length > 0) return toTryNow(this.#pick(ready));
    if (!this.#options.budget.take()) return undefined;
    return untried.length > 0 ? toTryNow(this.#pick(untried)) : this.#soonest();
  }

  /** Those that this call has not asked yet. */
  get untried(): readonly Deployment[] {
    return this.#deployments.filter((candidate) => !this.#again?.has(candidate));
  }

  /** A place at one of `among`, now or when one becomes free; the others, should it be long, are for those with a fallback. */
  #place(among: readonly Deployment[]): MaybePromise<Deployment> {
    const { book, hasFallback, priority, controller } = this.#options;
    const free = among.filter((deployment) => !book.isFull(deployment));
    if (free.length > 0) return this.#pick(orAll(this.#ready(free), free));
    if (hasFallback) throw new GatewayError('deployments_busy', 'Every deployment has as many calls under way as it may', { retryable: true });
    const take = (): Deployment | undefined => {
      const one = byWeightOf(
        orAll(this.#ready(among), among).filter((deployment) => !book.isFull(deployment)),
        this.#options.random,
      );
      if (!one) return undefined;
      // Taken here, before anybody else can.
      book.load(one).begin();
      this.held = one;
      return one;
    };
    return book.line.wait({ priority, controller, take });
  }

  #ready(among: readonly Deployment[]): readonly Deployment[] {
    const { book, random, hasOrder } = this.#options;
    return readyOf(among, { book, random, hasOrder });
  }

  #pick(among: readonly Deployment[]): MaybePromise<Deployment> {
    const { strategy, call, random } = this.#options;
    return strategy && call ? strategy.pick(among, call) : byWeight(among, random);
  }

  #soonest(): Try | undefined {
    const { hasFallback, maxBackoffMs, book } = this.#options;
    const [deployment, at] = [...(this.#again ?? [])].reduce((best, candidate) => (candidate[1] < best[1] ? candidate : best));
    const askedMs = Math.max(0, at - book.now());
    if (askedMs > (hasFallback ? Math.min(maxBackoffMs, MAX_RETRY_AFTER_MS) : MAX_RETRY_AFTER_MS)) return undefined;
    return { deployment, waitMs: waitBefore(this.#failures, askedMs, this.#options) };
  }
}

/** The deployments of a group are one model, mostly; a group made of several may hold one that reads more. */
function readsMore(other: Deployment, failed: Deployment): boolean {
  return (other.maxInputTokens ?? 0) > (failed.maxInputTokens ?? Number.POSITIVE_INFINITY);
}

function orAll(some: readonly Deployment[], all: readonly Deployment[]): readonly Deployment[] {
  return some.length > 0 ? some : all;
}

function byWeightOf(among: readonly Deployment[], random: () => number): Deployment | undefined {
  return among.length === 0 ? undefined : byWeight(among, random);
}

function toTryNow(picked: MaybePromise<Deployment>): MaybePromise<Try> {
  return andThen(picked, (deployment) => ({ deployment, waitMs: 0 }));
}
