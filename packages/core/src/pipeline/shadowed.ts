import { contextKey } from './context.ts';

/** The limits and budgets that would have refused the call if they were not in shadow, such as `requests:team`. */
export const shadowed = contextKey<readonly string[]>('shadowed');
