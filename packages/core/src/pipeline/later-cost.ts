import type { SettledBy } from '../types/settled-by.ts';
import { contextKey } from './context.ts';

/** The most, in nano-dollars, that what this call sets going may come to cost later: held in place of what the call itself may cost. */
export const plannedNanoUsd = contextKey<number>('planned cost');

/** What of it was held, where a budget is in force. */
export const heldNanoUsd = contextKey<number>('held cost');

/** What stays held when the call has ended. */
export const staysHeldNanoUsd = contextKey<number>('cost that stays held');

/** What an earlier call left held, and when that was, in milliseconds since the epoch. */
export type Held = { readonly nanoUsd: number; readonly at: number };

/** What this call has found the true cost of, so that it is held no longer. */
export const noLongerHeld = contextKey<readonly Held[]>('cost held no longer');

/** Said of a call that the gateway makes by itself, to settle what an earlier one has begun: no limit counts it, and no budget refuses it. */
export const settledBy = contextKey<SettledBy>('settled by');
