import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import { isListOfModels, MOST_RACERS, namedModels } from '../models/named-models.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { ModelSnapshot } from '../models/model-snapshot.ts';
import type { Context } from '../pipeline/context.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { Strategy } from '../types/strategy.ts';
import { pinnedGroup } from './pinned.ts';
import type { Controls } from './controls.ts';

export type ReachOptions = {
  readonly models: ModelRegistry;
  /** The group for names that mean nothing. */
  readonly defaultGroup?: string | undefined;
  /** Groups to try after a group's own fallbacks. */
  readonly defaultFallbacks?: readonly string[] | undefined;
  /** The provider of names that mean nothing by themselves, where a call does not name one: `gpt-5` is then `openai/gpt-5`. */
  readonly defaultProvider?: string | undefined;
  /** For groups without a strategy of their own. Default: by weight. */
  readonly strategy?: Strategy | undefined;
};

/** A group, under the name by which a caller needs to be allowed to use it. */
export type Reached = readonly [name: string, group: ModelGroup];

/** Which groups a call may come to be answered by. One place, because what is called is also what a budget has to hold for. */
export class Reach {
  #options: ReachOptions;
  #reached = new WeakMap<ModelGroup, readonly Reached[]>();
  /** What {@link #reached} was found in. */
  #within: ModelSnapshot | undefined;

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  get options(): ReachOptions {
    return this.#options;
  }

  /** Goes by other options from now on. */
  configure(options: ReachOptions): void {
    this.#options = options;
    this.#within = undefined;
  }

  /** The models as this call found them first: what it may cost and what it comes to are the same, whatever changes meanwhile. */
  modelsOf(ctx: Context): ModelSnapshot {
    return (ctx.models ??= this.#options.models.current);
  }

  /** The group a call names, if there is one. */
  targetOf(ctx: Context): ModelGroup | undefined {
    const { defaultGroup, defaultProvider } = this.#options;
    const models = this.modelsOf(ctx);
    const { model, provider = defaultProvider } = ctx.request;
    const found = ctx.get(pinnedGroup) ?? models.resolve(model);
    if (found) return found;
    const ofProvider = typeof provider === 'string' ? `${provider}/${model}` : undefined;
    if (ofProvider !== undefined && mayUse(ctx, ofProvider)) {
      const group = models.resolve(ofProvider);
      if (group) return group;
    }
    if (isListOfModels(model, (name) => models.resolve(name) !== undefined)) return undefined;
    return defaultGroup !== undefined && mayUse(ctx, defaultGroup) ? models.resolve(defaultGroup) : undefined;
  }

  /** The groups that race to answer a call which names several models. @throws GatewayError `invalid_request`, `model_not_found` */
  racersOf(ctx: Context): readonly ModelGroup[] | undefined {
    const names = namedModels(ctx.request);
    if (names.length < 2) return undefined;
    if (names.length > MOST_RACERS)
      throw new GatewayError('invalid_request', `At most ${MOST_RACERS} models can race to answer; ${names.length} are named.`, { param: 'model' });
    return names.map((name) => {
      const group = this.modelsOf(ctx).resolve(name);
      if (!group) throw new GatewayError('model_not_found', `No model is named '${name}'.`, { param: 'model' });
      return group;
    });
  }

  /** Whether there is another group to go to, should this one fail. */
  hasFallback(ctx: Context, group: ModelGroup, controls: Controls | undefined): boolean {
    if (controls === undefined && group.fallbacks === undefined && this.#options.defaultFallbacks === undefined) return false;
    return this.#general(group, controls).some((name) => name !== group.name && this.groupFor(ctx, name) !== undefined);
  }

  /** Where to go on, in order, now that a group has failed: its own fallbacks, then those that were left. */
  fallbacksAfter(group: ModelGroup, error: unknown, controls: Controls | undefined, left?: readonly string[]): string[] {
    if (controls?.disableFallbacks) return [];
    const code = GatewayError.is(error) ? error.code : undefined;
    // To send elsewhere what a provider has refused on principle takes a word to say so.
    if (code === 'content_policy_violation') return [...(group.contentPolicyFallbacks ?? NONE)];
    const context = code === 'context_length_exceeded' ? (group.contextFallbacks ?? NONE) : NONE;
    return [...context, ...(left === undefined ? this.#general(group, controls) : [...(group.fallbacks ?? NONE), ...left])];
  }

  #general({ fallbacks = NONE }: ModelGroup, controls: Controls | undefined): readonly string[] {
    if (controls?.disableFallbacks) return NONE;
    const { defaultFallbacks = NONE } = this.#options;
    const own = controls?.fallbacks ?? fallbacks;
    return own.length === 0 ? defaultFallbacks : [...own, ...defaultFallbacks];
  }

  /** A fallback by its name, for callers who may use it. */
  groupFor(ctx: Context, name: string): ModelGroup | undefined {
    return mayUse(ctx, name) ? this.modelsOf(ctx).resolve(name) : undefined;
  }

  /** How many answers of a group one call may have to pay for. */
  answersOf({ strategy = this.#options.strategy, deployments }: ModelGroup): number {
    return strategy?.mayAskAll ? deployments.length : 1;
  }

  /** Every group that may come to answer a call to `first`. */
  all(ctx: Context, first: ModelGroup): readonly Reached[] {
    if (ctx.get(pinnedGroup)) return [[first.name, first]];
    const { fallbacks } = ctx.request;
    const models = this.modelsOf(ctx);
    if (Array.isArray(fallbacks)) {
      const sent = fallbacks.filter((name) => typeof name === 'string');
      return this.#from(first, sent, models);
    }
    if (models !== this.#within) [this.#reached, this.#within] = [new WeakMap(), models];
    let reached = this.#reached.get(first);
    if (!reached) this.#reached.set(first, (reached = this.#from(first, [], models)));
    return reached;
  }

  #from(first: ModelGroup, sent: readonly string[], models: ModelSnapshot): readonly Reached[] {
    const found = new Map([[first.name, first]]);
    const names = [...sent, ...everyFallback(first), ...(this.#options.defaultFallbacks ?? NONE)];
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const group = found.has(name) ? undefined : models.resolve(name);
      if (!group) continue;
      found.set(name, group);
      names.push(...everyFallback(group));
    }
    return [...found];
  }
}

const NONE: readonly string[] = [];

function everyFallback({ fallbacks = NONE, contextFallbacks = NONE, contentPolicyFallbacks = NONE }: ModelGroup): readonly string[] {
  return [...fallbacks, ...contextFallbacks, ...contentPolicyFallbacks];
}
