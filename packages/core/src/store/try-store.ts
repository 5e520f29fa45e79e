import { GatewayError } from '../errors/gateway-error.ts';
import { isPromise } from '../stream/maybe-promise.ts';
import type { MaybePromise } from '../types/json.ts';

/** What a store that cannot be reached means for a call: it is refused, or goes on without the store. */
export type OnStoreError = 'closed' | 'open';

/**
 * Asks a store, and waits only where it answers by promise. Nothing when it failed and calls go on without it.
 * @throws GatewayError `store_unavailable` when it failed and calls may not.
 */
export function tryStore<T>(ask: () => MaybePromise<T>, onStoreError: OnStoreError): MaybePromise<T | undefined> {
  try {
    const answer = ask();
    return isPromise(answer) ? answer.catch((error: unknown) => failed(error, onStoreError)) : answer;
  } catch (error) {
    return failed(error, onStoreError);
  }
}

function failed(cause: unknown, onStoreError: OnStoreError): undefined {
  if (onStoreError === 'open') return undefined;
  throw new GatewayError('store_unavailable', 'Limits and budgets cannot be checked at the moment', { cause });
}
