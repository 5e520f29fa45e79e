import type { Hook } from './hook.ts';

/** A hook that is made anew whenever `of` answers something else. Calls under way end in the one they entered, so it must own nothing to close. */
export function remade<T>(of: () => T, make: (of: T) => Hook): Hook {
  let from = of();
  let hook = make(from);
  const { name, phase } = hook;
  return {
    name,
    phase,
    handle(ctx, next) {
      const now = of();
      if (now !== from) [from, hook] = [now, make(now)];
      return hook.handle(ctx, next);
    },
  };
}
