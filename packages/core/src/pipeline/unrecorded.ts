import { contextKey } from './context.ts';

/** Why the ledger could not take a call: whoever hands its answer out has to know. */
export const unrecorded = contextKey<unknown>('unrecorded');
