import type { MaybePromise } from '../types/json.ts';
import { contextKey } from './context.ts';

/** What a call may still ask of the budgets it is paid from. */
export type BudgetRoom = {
  /** Holds for one more answer, or says that there is no room for it. */
  takeAnother(): MaybePromise<boolean>;
};

/** Left by whoever holds the budgets; absent where none is in force. */
export const budgetRoom = contextKey<BudgetRoom>('budget room');
