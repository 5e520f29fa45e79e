import { didYouMean } from '../errors/did-you-mean.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { type Controls, takeControls } from '../routing/controls.ts';
import { mayFallBack } from '../routing/failure.ts';
import { type OpenOptions, Routing, type RoutingOptions } from '../routing/routing.ts';
import type { Reply } from '../types/call.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { isRepeatable } from '../routing/is-repeatable.ts';
import { unionOf } from '../models/model-memory.ts';
import { isOpen } from './router/is-open.ts';
import { Race } from './router/race.ts';
import { groupTrier } from './router/try-group.ts';

/** Chooses the deployment, tries again where that may help, and falls back to other groups. */
export function router(options: Routing | RoutingOptions): Hook {
  const routing = options instanceof Routing ? options : new Routing(options);
  const { reach } = routing;
  const tryGroup = groupTrier(routing);

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
      const racers = reach.racersOf(ctx);
      const group = racers ? unionOf(ctx.request.model, racers) : reach.targetOf(ctx);
      if (!group) throw notFound(ctx, routing.models);
      const controls = takeControls(ctx, group);
      if (controls?.timeoutMs !== undefined || routing.deadlineMs !== undefined) limitTime(ctx, controls?.timeoutMs ?? routing.deadlineMs ?? 0);
      const given = { controls, hasFallback: reach.hasFallback(ctx, group, controls) };
      const answer = controls?.mock
        ? Promise.reject(forced(controls.mock, ctx, group))
        : racers
          ? race(ctx, racers, next, given)
          : tryGroup(ctx, group, next, given);
      return given.hasFallback || mayGoOn(group, controls) ? answer.catch((error: unknown) => fallBack(ctx, group, error, next, given)) : answer;
    },
  };

  /** Every group answers as if it alone were asked, and the first answer wins. */
  async function race(ctx: Context, racers: readonly ModelGroup[], next: Next, given: OpenOptions): Promise<Reply> {
    if (!isRepeatable(ctx)) throw new GatewayError('invalid_request', NOT_REPEATABLE, { param: 'fastest_response' });
    const running = new Race(ctx);
    for (const group of racers) running.enter((branch) => tryGroup(branch, group, next, given));
    return running.answer();
  }
}

const NOT_REPEATABLE =
  'This call does something at its provider (a tool is run, something is kept), so that it cannot be answered by several at the same time.';

/** Ends the call, wherever it stands, when its time is over. */
function limitTime(ctx: Context, ms: number): void {
  const end = (): void => ctx.abort(new GatewayError('upstream_timeout', `The call has taken longer than ${ms} ms`));
  const timer = setTimeout(end, Math.max(0, ctx.startedAt + ms - performance.now()));
  ctx.defer(() => clearTimeout(timer));
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
