import type { BudgetWindow } from './principal.ts';

/** Shadow traffic: calls of a group that another group is asked as well, once they have been answered. Nobody waits for it. */
export type MirrorOptions = {
  /** The group that is asked. */
  readonly to: string;
  /** How many of a hundred calls, by chance. Default 100. */
  readonly percent?: number | undefined;
  /** Copies under way at the same time; calls beyond are not copied. Default 10. */
  readonly parallelCalls?: number | undefined;
  /** What all copies together may cost, on a budget of their own, in nano-dollars. Default: without limit. */
  readonly budgetNanoUsd?: number | undefined;
  /** When that budget starts anew. Default: never. */
  readonly budgetWindow?: BudgetWindow | undefined;
};
