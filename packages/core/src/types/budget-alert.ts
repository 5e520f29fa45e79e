import type { BudgetWindow } from './principal.ts';
import type { MaybePromise } from './json.ts';
import type { Spender } from './spend.ts';

/**
 * A budget that has come to one of its marks: a share of it is used (`threshold`), its soft budget is (`soft_budget`),
 * or a call was refused for it, or would have been if it were not in shadow (`exceeded`).
 */
export type BudgetAlert = {
  readonly kind: 'threshold' | 'soft_budget' | 'exceeded';
  readonly owner: Spender;
  /** Of a threshold, such as 0.8. */
  readonly share?: number;
  /** What is spent, or held by calls under way. */
  readonly spentNanoUsd: number;
  /** Of a soft budget, that one. */
  readonly budgetNanoUsd: number;
  /** When the budget starts anew, and the same alert may come again. Absent means never. */
  readonly budgetWindow?: BudgetWindow | undefined;
  /** The call that brought it there. */
  readonly callId: string;
};

export type OnBudgetAlert = (alert: BudgetAlert) => MaybePromise<void>;
