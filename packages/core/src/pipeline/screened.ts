import { contextKey } from './context.ts';

/** Set on a call that has passed everything of the phase `guardrail`: its request is what guardrails have left of it. */
export const screened = contextKey<true>('screened');
