import type { Hook } from '../../pipeline/hook.ts';
import { screened } from '../../pipeline/screened.ts';

/** Stands right behind the guardrails and notes who has come as far: of a call that was refused before, no sink gets the request. */
export function markScreened(): Hook {
  return {
    name: 'mark-screened',
    phase: 'cache',
    handle(ctx, next) {
      ctx.set(screened, true);
      return next();
    },
  };
}
