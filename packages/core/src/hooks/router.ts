import { didYouMean } from '../errors/did-you-mean.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { sleep } from '../stream/sleep.ts';
import type { Operation, Reply } from '../types/call.ts';
import type { Deployment, ModelGroup } from '../types/model.ts';
import { Cooldown } from './router/cooldown.ts';
import { hopeAfter } from './router/failure.ts';
import { GroupTries } from './router/group-tries.ts';
import { RetryBudget } from './router/retry-budget.ts';

export type RouterOptions = {
  readonly models: ModelRegistry;
  /** Whether a deployment's provider can do an operation. Default: all can. */
  readonly supports?: (deployment: Deployment, operation: Operation) => boolean;
  /** Further tries within one group, after the first. Default 2. */
  readonly retries?: number;
  /** Upper bound of the first wait between tries. Default 500. */
  readonly backoffMs?: number;
  /** Default 8,000. */
  readonly maxBackoffMs?: number;
  /** Groups to try after a group's own fallbacks. */
  readonly defaultFallbacks?: readonly string[];
  readonly random?: () => number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
};

/** Chooses the deployment, tries again where that may help, and falls back to other groups. */
export function router(options: RouterOptions): Hook {
  const { models, supports = () => true, retries = 2, backoffMs = 500, maxBackoffMs = 8_000, defaultFallbacks = [] } = options;
  const { random = Math.random, now = () => performance.now() } = options;
  const cooldown = new Cooldown(now);
  const budgets = new WeakMap<ModelGroup, RetryBudget>();

  async function tryGroup(ctx: Context, group: ModelGroup, next: Next, hasFallback: boolean): Promise<Reply> {
    ctx.group = group.name;
    const able = group.deployments.filter((deployment) => supports(deployment, ctx.operation));
    const budget = budgetOf(group);
    budget.deposit();
    const tries = new GroupTries(able, { cooldown, budget, retries, backoffMs, maxBackoffMs, random, now, hasFallback });
    let deployment = tries.first();
    if (!deployment) throw nobodyCan(ctx, group);
    for (;;) {
      ctx.deployment = deployment;
      try {
        return await next();
      } catch (error) {
        if (!isOpen(ctx, error)) throw error;
        const again = tries.next(deployment, error);
        if (!again) throw error;
        if (again.waitMs > 0) await sleep(again.waitMs, ctx.controller);
        ctx.retries += 1;
        deployment = again.deployment;
      }
    }
  }

  /** Depth first, as the configuration reads: a fallback's own fallbacks go before the next in line. Each group at most once. */
  async function fallBack(ctx: Context, first: ModelGroup, error: unknown, next: Next): Promise<Reply> {
    const queue = fallbacksOf(first);
    const failed = new Map([[first.name, error]]);
    let last = error;
    while (isOpen(ctx, last) && hopeAfter(last) !== 'none') {
      const group = takeNext(ctx, queue, failed);
      if (!group) break;
      queue.unshift(...(group.fallbacks ?? []));
      ctx.fallbacks += 1;
      try {
        return await tryGroup(ctx, group, next, queue.length > 0);
      } catch (thrown) {
        last = thrown;
        failed.set(group.name, thrown);
      }
    }
    throw failed.size > 1 && GatewayError.is(last) ? last.withMessage(`${last.message} (tried ${[...failed].map(toNote).join(', then ')})`) : last;
  }

  function takeNext(ctx: Context, queue: string[], failed: ReadonlyMap<string, unknown>): ModelGroup | undefined {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const group = mayUse(ctx, name) ? models.resolve(name) : undefined;
      if (group && !failed.has(group.name)) return group;
    }
    return undefined;
  }

  function fallbacksOf(group: ModelGroup): string[] {
    return [...(group.fallbacks ?? []), ...defaultFallbacks];
  }

  function budgetOf(group: ModelGroup): RetryBudget {
    let budget = budgets.get(group);
    if (!budget) budgets.set(group, (budget = new RetryBudget(now)));
    return budget;
  }

  return {
    name: 'router',
    phase: 'router',
    handle(ctx, next) {
      const group = models.resolve(ctx.request.model);
      if (!group) throw notFound(ctx, models);
      const hasFallback = fallbacksOf(group).some((name) => name !== group.name && mayUse(ctx, name) && models.resolve(name));
      const answer = tryGroup(ctx, group, next, hasFallback);
      return hasFallback ? answer.catch((error: unknown) => fallBack(ctx, group, error, next)) : answer;
    },
  };
}

/** Whether a failed call may still be sent again: the caller waits for it, and what it sent is still there. */
function isOpen(ctx: Context, error: unknown): error is GatewayError {
  return GatewayError.is(error) && !ctx.controller.isAborted && ctx.upload?.isReplayable !== false;
}

function notFound(ctx: Context, models: ModelRegistry): GatewayError {
  const { model } = ctx.request;
  const suggestion = didYouMean(
    model,
    models.names.filter((name) => !name.includes('*') && mayUse(ctx, name)),
  );
  return new GatewayError('model_not_found', `No model is named '${model}'.${suggestion ? ` ${suggestion}` : ''}`, { param: 'model' });
}

function nobodyCan(ctx: Context, { name, deployments }: ModelGroup): GatewayError {
  const providers = [...new Set(deployments.map(({ provider }) => `'${provider}'`))].join(', ');
  return new GatewayError('unsupported_operation', `No deployment of '${name}' can do '${ctx.operation}' (asked: ${providers || 'none'})`, { param: 'model' });
}

function toNote([name, error]: readonly [string, unknown]): string {
  return `'${name}': ${GatewayError.from(error).code}`;
}
