import { didYouMean } from '../errors/did-you-mean.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { type Controls, takeControls } from '../routing/controls.ts';
import { mayFallBack } from '../routing/failure.ts';
import type { GroupTries } from '../routing/group-tries.ts';
import { judged } from '../routing/judged-answer.ts';
import { measured } from '../routing/measured.ts';
import { type OpenOptions, Routing, type RoutingOptions } from '../routing/routing.ts';
import { isPromise } from '../stream/maybe-promise.ts';
import { sleep } from '../stream/sleep.ts';
import type { Reply } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { RoutedCall } from '../types/strategy.ts';

/** Chooses the deployment, tries again where that may help, and falls back to other groups. */
export function router(options: Routing | RoutingOptions): Hook {
  const routing = options instanceof Routing ? options : new Routing(options);
  const { reach, book } = routing;

  async function tryGroup(ctx: Context, group: ModelGroup, next: Next, given: OpenOptions): Promise<Reply> {
    ctx.group = group.name;
    const tries = routing.open(ctx, group, given);
    const first = tries.first();
    let deployment = isPromise(first) ? await first : first;
    for (;;) {
      try {
        const reply = await tryOnce(ctx, deployment, next, tries);
        return tries.accepts ? await escalated(ctx, deployment, reply, next, tries) : reply;
      } catch (error) {
        if (!isOpen(ctx, error)) throw error;
        routing.noteFailure(deployment, error);
        const again = await tries.next(deployment, error);
        if (!again) throw error;
        if (again.waitMs > 0) await sleep(again.waitMs, ctx.controller);
        ctx.retries += 1;
        deployment = again.deployment;
      }
    }
  }

  async function tryOnce(ctx: Context, deployment: Deployment, next: Next, tries: GroupTries): Promise<Reply> {
    ctx.deployment = deployment;
    book.breaker(deployment)?.begin();
    const load = tries.load(deployment);
    const hasBegun = tries.held === deployment;
    tries.held = undefined;
    const reply = await (load ? measured(ctx, load, next, { now: book.now, hasBegun }) : next());
    book.breaker(deployment)?.succeeded();
    return reply;
  }

  /** Asks on while answers will not do. What was answered stands when nobody else can. */
  async function escalated(ctx: Context, first: Deployment, answered: Reply, next: Next, tries: GroupTries): Promise<Reply> {
    let [deployment, reply] = [first, answered];
    for (;;) {
      const judgement = await judged(reply, tries.accepts as NonNullable<GroupTries['accepts']>, tries.call as RoutedCall);
      const other = judgement.isAccepted ? undefined : await tries.escalate(deployment);
      if (!other || !isReplayable(ctx)) return judgement.reply;
      ctx.retries += 1;
      try {
        reply = await tryOnce(ctx, other, next, tries);
      } catch (error) {
        if (!isOpen(ctx, error)) throw error;
        routing.noteFailure(other, error);
        ctx.deployment = deployment;
        return judgement.reply;
      }
      deployment = other;
    }
  }

  /** Depth first, as the configuration reads: a fallback's own fallbacks go before the next in line. Each group at most once. */
  async function fallBack(ctx: Context, first: ModelGroup, error: unknown, next: Next, { controls }: OpenOptions): Promise<Reply> {
    const failed = new Map([[first.name, error]]);
    let queue = reach.fallbacksAfter(first, error, controls);
    let last = error;
    while (isOpen(ctx, last) && mayFallBack(last)) {
      const group = takeNext(ctx, queue, failed);
      if (!group) break;
      ctx.fallbacks += 1;
      try {
        return await tryGroup(ctx, group, next, { controls, hasFallback: queue.length > 0 || group.fallbacks !== undefined });
      } catch (thrown) {
        last = thrown;
        failed.set(group.name, thrown);
        queue = reach.fallbacksAfter(group, thrown, controls, queue);
      }
    }
    throw failed.size > 1 && GatewayError.is(last) ? last.withMessage(`${last.message} (tried ${[...failed].map(toNote).join(', then ')})`) : last;
  }

  function takeNext(ctx: Context, queue: string[], failed: ReadonlyMap<string, unknown>): ModelGroup | undefined {
    if (failed.size > routing.maxFallbacks) return undefined;
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const group = reach.groupFor(ctx, name);
      if (group && !failed.has(group.name)) return group;
    }
    return undefined;
  }

  return {
    name: 'router',
    phase: 'router',
    close: () => routing.close(),
    handle(ctx, next) {
      const group = reach.targetOf(ctx);
      if (!group) throw notFound(ctx, routing.models);
      const controls = takeControls(ctx, group);
      if (controls?.timeoutMs !== undefined || routing.deadlineMs !== undefined) limitTime(ctx, controls?.timeoutMs ?? routing.deadlineMs ?? 0);
      const given = { controls, hasFallback: reach.hasFallback(ctx, group, controls) };
      const answer = controls?.mock ? Promise.reject(forced(controls.mock, ctx, group)) : tryGroup(ctx, group, next, given);
      return given.hasFallback || mayGoOn(group, controls) ? answer.catch((error: unknown) => fallBack(ctx, group, error, next, given)) : answer;
    },
  };
}

/** Ends the call, wherever it stands, when its time is over. */
function limitTime(ctx: Context, ms: number): void {
  const end = (): void => ctx.abort(new GatewayError('upstream_timeout', `The call has taken longer than ${ms} ms`));
  const timer = setTimeout(end, Math.max(0, ctx.startedAt + ms - performance.now()));
  ctx.defer(() => clearTimeout(timer));
}

/** Whether a failed call may still be sent again: the caller waits for it, and what it sent is still there. */
function isOpen(ctx: Context, error: unknown): error is GatewayError {
  return GatewayError.is(error) && !ctx.controller.isAborted && isReplayable(ctx);
}

function isReplayable({ upload }: Context): boolean {
  return upload?.isReplayable !== false;
}

function notFound(ctx: Context, models: ModelRegistry): GatewayError {
  const { model } = ctx.request;
  const suggestion = didYouMean(
    model,
    models.names.filter((name) => !name.includes('*') && mayUse(ctx, name)),
  );
  return new GatewayError('model_not_found', `No model is named '${model}'.${suggestion ? ` ${suggestion}` : ''}`, { param: 'model' });
}

/** Whether a group says where to go on with what general fallbacks are not for. */
function mayGoOn({ contextFallbacks, contentPolicyFallbacks }: ModelGroup, controls: Controls | undefined): boolean {
  return controls?.disableFallbacks !== true && (contextFallbacks !== undefined || contentPolicyFallbacks !== undefined);
}

function forced(code: NonNullable<Controls['mock']>, ctx: Context, group: ModelGroup): GatewayError {
  ctx.group = group.name;
  return new GatewayError(code, `The caller asked for this failure of '${group.name}'`, { retryable: true });
}

function toNote([name, error]: readonly [string, unknown]): string {
  return `'${name}': ${GatewayError.from(error).code}`;
}
