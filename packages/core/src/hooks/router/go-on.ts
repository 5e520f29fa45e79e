import { drop, openBranch } from '../../pipeline/branch.ts';
import { delivered } from '../../pipeline/delivered.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Next } from '../../pipeline/hook.ts';
import type { OpenOptions, Routing } from '../../routing/routing.ts';
import { continuedRequest } from '../../routing/told-so-far.ts';
import type { ChatRequest } from '../../types/chat.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { Continuation, GoOn } from './resumed.ts';
import { takeAnother } from './take-another.ts';
import type { TryGroup } from './try-group.ts';

/** Asks those who can go on with an answer: of the group that has begun it, then of those it falls back to. */
export function onGoer(routing: Routing, tryGroup: TryGroup): (first: ModelGroup, next: Next, given: OpenOptions) => GoOn {
  const { reach } = routing;

  return (first, next, { controls }) =>
    async (ctx, told, error) => {
      if (ctx.deployment) routing.noteFailure(ctx.deployment, error);
      const request = continuedRequest(ctx.request as ChatRequest, told, ctx.get(delivered)?.tokens ?? 0);
      if (!request || !(await takeAnother(ctx))) return undefined;
      const begun = (ctx.group === undefined ? undefined : reach.modelsOf(ctx).resolve(ctx.group)) ?? first;
      const others = reach.fallbacksAfter(begun, error, controls).map((name) => reach.groupFor(ctx, name));
      for (const group of [...new Set([begun, ...others])].slice(0, routing.maxFallbacks + 1)) {
        const continuation = group && !ctx.controller.isAborted && (await continued(ctx, group, request, next, { controls, hasFallback: false }));
        if (continuation) return continuation;
      }
      return undefined;
    };

  async function continued(ctx: Context, group: ModelGroup, request: ChatRequest, next: Next, given: OpenOptions): Promise<Continuation | undefined> {
    const branch = openBranch(ctx, request);
    const answer = tryGroup(branch, group, next, { ...given, isContinuation: true });
    const reply = await answer.catch(() => undefined);
    const continues = branch.deployment && routing.continues(branch.deployment);
    if (reply?.kind === 'stream' && continues) return { branch, reply, continues };
    await drop(ctx, branch, answer, reply === undefined);
    return undefined;
  }
}
