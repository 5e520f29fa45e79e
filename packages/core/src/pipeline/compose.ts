import { type Handler, type Hook, PHASES } from './hook.ts';

/** Folds hooks around `terminal`, once: by phase, then in the order given, the first one outermost. */
export function compose(hooks: readonly Hook[], terminal: Handler): Handler {
  return inOrder(hooks).reduceRight<Handler>((next, hook) => around(hook, next), terminal);
}

/** Whether a hook throws or rejects, answers now or later, is the same to whoever stands outside of it. */
function around(hook: Hook, next: Handler): Handler {
  return (ctx) => {
    try {
      return Promise.resolve(hook.handle(ctx, (branch = ctx) => next(branch)));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** The hooks in the order they run, outermost first. */
export function inOrder(hooks: readonly Hook[]): Hook[] {
  return [...hooks].sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
}
