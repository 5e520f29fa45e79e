import type { Reply } from '../types/call.ts';
import type { Hook, Next } from './hook.ts';

/**
 * Guards hooks against the two mistakes an onion invites, at the cost of one closure a hook:
 * calling `next` twice (only a router may), and dropping the promise of `next`.
 * For development and tests; `createGateway` uses it outside production.
 *
 * @throws Error naming the hook, out of its `handle`.
 */
export function strict(hook: Hook): Hook {
  return {
    ...hook,
    async handle(ctx, next) {
      let calls = 0;
      let pending = 0;

      const watchedNext: Next = async (branch) => {
        calls += 1;
        if (calls > 1 && hook.phase !== 'router') throw new Error(`Hook '${hook.name}' called next() more than once; only a router may`);
        pending += 1;
        try {
          return await next(branch);
        } finally {
          pending -= 1;
        }
      };

      const reply = await hook.handle(ctx, watchedNext);
      if (pending > 0 && hook.phase !== 'router') throw new Error(`Hook '${hook.name}' answered while its next() was still running: is an await missing?`);
      if ((reply as Reply | undefined)?.kind === undefined) throw new Error(`Hook '${hook.name}' returned no reply: is a return missing before next()?`);
      return reply;
    },
  };
}
