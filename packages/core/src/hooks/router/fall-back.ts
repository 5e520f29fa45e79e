import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Next } from '../../pipeline/hook.ts';
import type { Controls } from '../../routing/controls.ts';
import { mayFallBack } from '../../routing/failure.ts';
import type { OpenOptions, Routing } from '../../routing/routing.ts';
import type { Reply } from '../../types/call.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import { isOpen } from './is-open.ts';
import type { TryGroup } from './try-group.ts';

/** Where a call goes on whose group has failed. @throws what the last group has failed with */
export type FallBack = (ctx: Context, first: ModelGroup, error: unknown, next: Next, given: OpenOptions) => Promise<Reply>;

export function fallBacker(routing: Routing, tryGroup: TryGroup): FallBack {
  const { reach } = routing;

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

  return fallBack;
}

/** Whether a group says where to go on with what general fallbacks are not for. */
export function mayGoOn({ contextFallbacks, contentPolicyFallbacks }: ModelGroup, controls: Controls | undefined): boolean {
  return controls?.disableFallbacks !== true && (contextFallbacks !== undefined || contentPolicyFallbacks !== undefined);
}

function toNote([name, error]: readonly [string, unknown]): string {
  return `'${name}': ${GatewayError.from(error).code}`;
}
