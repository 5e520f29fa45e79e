import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook, Next } from '../pipeline/hook.ts';
import { type Controls, takeControls } from '../routing/controls.ts';
import { type OpenOptions, Routing, type RoutingOptions } from '../routing/routing.ts';
import type { Reply } from '../types/call.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { isRepeatable } from '../routing/is-repeatable.ts';
import { notFound, notRepeatable } from '../routing/refusals.ts';
import { unionOf } from '../models/model-memory.ts';
import { fallBacker, mayGoOn } from './router/fall-back.ts';
import { onGoer } from './router/go-on.ts';
import { Race } from './router/race.ts';
import { resumable } from './router/resumable.ts';
import { groupTrier } from './router/try-group.ts';

/** Chooses the deployment, tries again where that may help, and falls back to other groups. */
export function router(options: Routing | RoutingOptions): Hook {
  const routing = options instanceof Routing ? options : new Routing(options);
  const { reach } = routing;
  const tryGroup = groupTrier(routing);
  const fallBack = fallBacker(routing, tryGroup);
  const goOn = onGoer(routing, tryGroup);

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
      const ask = (asked: Context): Promise<Reply> => answered(asked, { group, racers }, next, given);
      return routing.mayResume(ctx, group, controls) ? resumable(ctx, ask, goOn(group, next, given)) : ask(ctx);
    },
  };

  function answered(ctx: Context, { group, racers }: Target, next: Next, given: OpenOptions): Promise<Reply> {
    const { controls, hasFallback } = given;
    const answer = controls?.mock
      ? Promise.reject(forced(controls.mock, ctx, group))
      : racers
        ? race(ctx, racers, next, given)
        : tryGroup(ctx, group, next, given);
    return hasFallback || mayGoOn(group, controls) ? answer.catch((error: unknown) => fallBack(ctx, group, error, next, given)) : answer;
  }

  /** Every group answers as if it alone were asked, and the first answer wins. */
  async function race(ctx: Context, racers: readonly ModelGroup[], next: Next, given: OpenOptions): Promise<Reply> {
    if (!isRepeatable(ctx)) throw notRepeatable();
    const running = new Race(ctx);
    for (const group of racers) running.enter((branch) => tryGroup(branch, group, next, given));
    return running.answer();
  }
}

/** Who is asked: one group, or several, which then are one as far as fallbacks go. */
type Target = { readonly group: ModelGroup; readonly racers: readonly ModelGroup[] | undefined };

/** Ends the call, wherever it stands, when its time is over. */
function limitTime(ctx: Context, ms: number): void {
  const end = (): void => ctx.abort(new GatewayError('upstream_timeout', `The call has taken longer than ${ms} ms`));
  const timer = setTimeout(end, Math.max(0, ctx.startedAt + ms - performance.now()));
  ctx.defer(() => clearTimeout(timer));
}

function forced(code: NonNullable<Controls['mock']>, ctx: Context, group: ModelGroup): GatewayError {
  ctx.group = group.name;
  return new GatewayError(code, `The caller asked for this failure of '${group.name}'`, { retryable: true });
}
