import { GatewayError } from '../errors/gateway-error.ts';
import { warn } from '../errors/warn.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Store } from '../store/store.ts';
import type { Continues } from '../types/continues.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { HedgeOptions } from '../types/hedge.ts';
import type { Strategy } from '../types/strategy.ts';
import type { TryFailure } from '../types/try-failure.ts';
import type { BreakerOptions } from './breaker.ts';
import { CandidateRules, type Candidates, nobodyFits } from './candidates.ts';
import type { Controls } from './controls.ts';
import { DeploymentBook } from './deployment-book.ts';
import type { FailureRules } from './failure.ts';
import type { TagFiltering } from './filters/tags.ts';
import { GroupPlan, type Supports } from './group-plan.ts';
import { GroupTries } from './group-tries.ts';
import { Hedging } from './hedging.ts';
import { isRepeatable } from './is-repeatable.ts';
import { readyOf } from './ready.ts';
import { Reach, type ReachOptions } from './reach.ts';
import { RetryBudget } from './retry-budget.ts';
import { GroupCall, type RouterTools } from './routed-call.ts';
import { WaitingLine, type WaitingLineOptions } from './waiting-line.ts';
import { SharedCooldowns } from './shared-cooldowns.ts';
import { byPreference } from './strategies/by-preference.ts';

/** What can be said to the router of a gateway. */
export type RouterOptions = Omit<ReachOptions, 'models'> &
  BreakerOptions & {
    /** Further tries within one group, after the first. Default 2. */
    readonly retries?: number | undefined;
    /** The same for kinds of failure. */
    readonly retriesFor?: FailureRules['retriesFor'];
    /** Upper bound of the first wait between tries, in milliseconds; each further one doubles it. Default 500. */
    readonly backoffMs?: number | undefined;
    /** Default 8,000. */
    readonly maxBackoffMs?: number | undefined;
    /** Groups that one call goes on to, at most. Default 5. */
    readonly maxFallbacks?: number | undefined;
    /** Longest time for a call with all its tries, waits and fallbacks, in milliseconds. Default: none. */
    readonly deadlineMs?: number | undefined;
    /** Calls that wait while every deployment has as many under way as it may. */
    readonly queue?: WaitingLineOptions | undefined;
    /** In that line, of calls that do not say: lower goes sooner. Default 0. */
    readonly defaultPriority?: number | undefined;
    /** Whether instances that share a store tell each other who has failed. Default: they do. */
    readonly shareCooldowns?: boolean | undefined;
    /** When a second deployment of a group is asked beside one that is slow to begin a stream. Default: never. */
    readonly hedge?: HedgeOptions | undefined;
    /** Whether the calls and tokens a minute that a deployment allows are a ceiling, over all instances that share a store. Default: only shares. */
    readonly enforceRates?: boolean | undefined;
    /** Whether another answer goes on with a stream that breaks off in the middle, where a provider can. Default: none does. */
    readonly resume?: boolean | undefined;
    /** Whether the tags of a call have to meet those of a deployment, and how. Default: they do not matter. */
    readonly tagFiltering?: TagFiltering | undefined;
  };

export type RoutingOptions = RouterOptions & {
  readonly models: ModelRegistry;
  /** Default: all can do everything. */
  readonly supports?: Supports | undefined;
  readonly embed?: RouterTools['embed'] | undefined;
  /** How a deployment goes on with an answer that somebody else has begun. Default: none can. */
  readonly continues?: ((deployment: Deployment) => Continues | undefined) | undefined;
  /** What this process shares with others, if anything. */
  readonly sharedStore?: Store | undefined;
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly random?: (() => number) | undefined;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: (() => number) | undefined;
};

export type OpenOptions = {
  readonly controls: Controls | undefined;
  /** Whether another group stands ready. */
  readonly hasFallback: boolean;
  /** Whether an answer is to be gone on with, so that only those may be asked who can. */
  readonly isContinuation?: boolean;
};

/** Who may answer a call and who is asked first: everything about routing that does not itself call anybody. */
export class Routing {
  readonly models: ModelRegistry;
  readonly reach: Reach;
  readonly book: DeploymentBook;
  #options: RoutingOptions;
  #onFailure: ((failure: TryFailure) => void) | undefined;
  readonly #shared: SharedCooldowns | undefined;
  #rules: CandidateRules;
  readonly #tools: RouterTools;
  readonly #plans = new WeakMap<ModelGroup, GroupPlan>();
  readonly #budgets = new WeakMap<ModelGroup, RetryBudget>();
  #hedgings = new WeakMap<ModelGroup, Hedging>();

  constructor(options: RoutingOptions) {
    const { models, random = Math.random, now = () => performance.now(), embed = cannotEmbed } = options;
    this.models = models;
    this.reach = new Reach(options);
    this.book = new DeploymentBook(now, options, new WaitingLine(options.queue));
    this.#options = options;
    const { sharedStore: store, shareCooldowns = true, onError = warn } = options;
    this.#shared = store && shareCooldowns ? new SharedCooldowns({ store, models, book: this.book, onError }) : undefined;
    this.#rules = new CandidateRules(options.tagFiltering);
    this.#tools = {
      random,
      embed,
      loadOf: (deployment) => this.book.load(deployment),
      isNamed: (deployment, name, ctx) => this.reach.modelsOf(ctx).resolve(name)?.deployments.includes(deployment) === true,
    };
  }

  get maxFallbacks(): number {
    return this.#options.maxFallbacks ?? 5;
  }

  get deadlineMs(): number | undefined {
    return this.#options.deadlineMs;
  }

  /** Goes by other options from now on; what is known of deployments stays. Whether cooldowns are shared is settled at the start. */
  configure(options: RouterOptions): void {
    const { models, supports, embed, continues, sharedStore, onError, random, now } = this.#options;
    this.#options = { ...options, models, supports, embed, continues, sharedStore, onError, random, now };
    this.reach.configure({ ...options, models: this.models });
    this.book.configure(options);
    this.book.line.configure(options.queue);
    this.#rules = new CandidateRules(options.tagFiltering);
    this.#hedgings = new WeakMap();
  }

  /**
   * The tries of a call within one group.
   * @throws GatewayError `unsupported_operation`, `no_deployment_fits`, `context_length_exceeded`, `deployments_resting`
   */
  open(ctx: Context, group: ModelGroup, { controls, hasFallback, isContinuation = false }: OpenOptions): GroupTries {
    const { retries = 2, retriesFor, backoffMs = 500, maxBackoffMs = 8_000 } = this.#options;
    const plan = this.planOf(group);
    const strategy = this.strategyOf(group, controls);
    const isConcerned = this.#rules.concern(plan, ctx, controls !== undefined);
    const mayRepeat = (strategy?.asksAll || group.hedge !== undefined || this.#options.hedge !== undefined) && isRepeatable(ctx);
    const hedging = mayRepeat && ctx.request.stream === true ? this.hedgingOf(group) : undefined;
    const call = strategy || isConcerned || hedging ? this.callOf(ctx, controls) : undefined;
    const all = plan.able(ctx.operation);
    const able = isContinuation ? all.filter((deployment) => this.continues(deployment) !== undefined) : all;
    if (isContinuation && able.length === 0) throw nobodyFits(group, []);
    if (able.length === 0) throw plan.open.length === 0 ? blocked(group) : nobodyCan(ctx, group);
    const { left, removed } = call && isConcerned ? this.candidates(plan, call, hasFallback, able) : { left: able, removed: [] };
    if (left.length === 0) throw nobodyFits(group, removed);
    const budget = this.#budgetOf(group);
    budget.deposit();
    const tries = new GroupTries(left, {
      book: this.book,
      budget,
      rules: { retries: group.retries ?? retries, asked: controls?.retries, retriesFor: group.retriesFor ?? retriesFor },
      backoffMs,
      maxBackoffMs,
      random: this.#tools.random,
      strategy,
      call,
      hasOrder: plan.hasOrder,
      hasPlaces: plan.hasPlaces,
      priority: controls?.priority ?? this.#options.defaultPriority ?? 0,
      controller: ctx.controller,
      hasFallback,
      hedging: left.length > 1 ? hedging : undefined,
      asksAll: mayRepeat && strategy?.asksAll === true,
    });
    if (hasFallback && tries.isDown) throw resting(group);
    return tries;
  }

  continues(deployment: Deployment): Continues | undefined {
    return this.#options.continues?.(deployment);
  }

  /** Whether streams of a group that break off are to be gone on with. */
  resumes({ resume = this.#options.resume === true }: ModelGroup): boolean {
    return resume;
  }

  /** Whether a stream that breaks off may be gone on with: a chat with one answer. */
  mayResume({ operation, request }: Context, group: ModelGroup, controls: Controls | undefined): boolean {
    const { stream, n } = request;
    return this.resumes(group) && operation === 'chat' && stream === true && (n === undefined || n === null || n === 1) && controls?.disableFallbacks !== true;
  }

  /** A try has failed. Other instances hear of it when the deployment is passed over now. */
  noteFailure(deployment: Deployment, error: GatewayError): void {
    const until = this.book.noteFailure(deployment, error);
    if (until !== undefined) void this.#shared?.exchange();
    this.#onFailure?.({ deployment, code: error.code, ...(until !== undefined && { restsMs: until - this.book.now() }) });
  }

  /** Hears that a try has failed. */
  onFailure(listener: (failure: TryFailure) => void): void {
    this.#onFailure = listener;
  }

  close(): void {
    this.#shared?.close();
  }

  strategyOf(group: ModelGroup, controls: Controls | undefined): Strategy | undefined {
    const own = group.strategy ?? this.#options.strategy;
    return controls?.provider ? byPreference(controls.provider, own) : own;
  }

  callOf(ctx: Context, controls: Controls | undefined): GroupCall {
    return new GroupCall(ctx, this.#tools, controls);
  }

  candidates(plan: GroupPlan, call: GroupCall, mayBeNone: boolean, able = plan.able(call.operation)): Candidates {
    return this.#rules.apply({ group: plan.group, able }, call, mayBeNone);
  }

  readyOf(among: readonly Deployment[], hasOrder: boolean): readonly Deployment[] {
    return readyOf(among, { book: this.book, random: this.#tools.random, hasOrder });
  }

  planOf(group: ModelGroup): GroupPlan {
    let plan = this.#plans.get(group);
    if (!plan) this.#plans.set(group, (plan = new GroupPlan(group, this.#options.supports ?? (() => true))));
    return plan;
  }

  /** When a call of a group is late, where another one is to be asked then. */
  hedgingOf(group: ModelGroup): Hedging | undefined {
    const options = group.hedge ?? this.#options.hedge;
    if (!options) return undefined;
    let hedging = this.#hedgings.get(group);
    if (!hedging) this.#hedgings.set(group, (hedging = new Hedging(options)));
    return hedging;
  }

  #budgetOf(group: ModelGroup): RetryBudget {
    let budget = this.#budgets.get(group);
    if (!budget) this.#budgets.set(group, (budget = new RetryBudget(this.book.now)));
    return budget;
  }
}

function nobodyCan(ctx: Context, { name, deployments }: ModelGroup): GatewayError {
  const providers = [...new Set(deployments.map(({ provider }) => `'${provider}'`))].join(', ');
  return new GatewayError('unsupported_operation', `No deployment of '${name}' can do '${ctx.operation}' (asked: ${providers || 'none'})`, { param: 'model' });
}

function blocked({ name }: ModelGroup): GatewayError {
  return new GatewayError('no_deployment_fits', `Every deployment of '${name}' is blocked at the moment`, { param: 'model' });
}

function resting({ name }: ModelGroup): GatewayError {
  return new GatewayError('deployments_resting', `Every deployment of '${name}' has just failed`, { retryable: true });
}

function cannotEmbed(): Promise<never> {
  return Promise.reject(new GatewayError('internal', 'Nothing was given to embed texts with'));
}
