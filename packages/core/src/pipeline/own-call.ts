import { contextKey } from './context.ts';

/** Set on a call that the gateway makes to judge another one: no guardrail judges it in turn, and callers' duties are not its own. */
export const ownCall = contextKey<true>('own-call');
