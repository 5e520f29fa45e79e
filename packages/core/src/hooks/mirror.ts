import { namedModels } from '../models/named-models.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { isRepeatable } from '../routing/is-repeatable.ts';
import type { Reach } from '../routing/reach.ts';
import type { Operation } from '../types/call.ts';
import type { Policy, Principal } from '../types/principal.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { MirrorOptions } from '../types/mirror.ts';

/** A copy of a call, to be made as a call of its own. */
export type Copy = {
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly principal: Principal;
  readonly policy: Policy | undefined;
};

export type MirrorHookOptions = {
  readonly reach: Reach;
  /** Makes the call and reads its answer to the end, for nobody. */
  readonly send: (copy: Copy) => Promise<void>;
  /** At least 0, below 1. */
  readonly random?: () => number;
};

const MOST_AT_A_TIME = 10;

/**
 * Asks another group what a group has been asked, once it has answered. The copy is a call with a record, a budget and
 * a principal of its own; what becomes of it changes nothing for the caller.
 */
export function mirror({ reach, send, random = Math.random }: MirrorHookOptions): Hook {
  const underWay = new Map<string, number>();
  // A copy is not copied again, whatever group it goes to.
  const copying = new WeakSet<Principal>();

  function start(ctx: Context, name: string, options: MirrorOptions): void {
    const count = underWay.get(name) ?? 0;
    if (count >= (options.parallelCalls ?? MOST_AT_A_TIME)) return;
    underWay.set(name, count + 1);
    const copy = copyOf(ctx, name, options);
    copying.add(copy.principal);
    const done = (): void => void underWay.set(name, (underWay.get(name) ?? 1) - 1);
    send(copy).then(done, done);
  }

  return {
    name: 'mirror',
    phase: 'router',
    handle(ctx, next) {
      // What several models race to answer is nobody's group.
      const group = namedModels(ctx.request).length > 1 ? undefined : reach.targetOf(ctx);
      const options = group?.mirror;
      if (group && options && !isCopy(ctx) && random() * 100 < (options.percent ?? 100) && isRepeatable(ctx))
        ctx.defer(({ status }) => {
          if (status === 'ok') start(ctx, group.name, options);
        });
      return next();
    },
  };

  function isCopy({ principal }: Context): boolean {
    return principal !== undefined && copying.has(principal);
  }
}

/** Where a call may be answered holds for its copy as well. */
function copyOf({ id, operation, request, principal, policy }: Context, name: string, { to, budgetNanoUsd, budgetWindow }: MirrorOptions): Copy {
  const regions = principal?.regions;
  return {
    operation,
    request: { ...request, model: to, cache: { 'no-cache': true, 'no-store': true } },
    principal: { keyId: `mirror:${name}`, budgetNanoUsd, budgetWindow, ...(regions && { regions }), metadata: { mirrorOf: id } },
    policy: policy?.regions && { name: `mirror:${name}`, regions: policy.regions },
  };
}
