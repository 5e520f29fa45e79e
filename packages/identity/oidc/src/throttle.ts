import { GatewayError, type Store } from '@sluice/core';
import { networkOf } from './network-of.ts';
import type { Settings } from './settings.ts';

/** Counts one step of a login, from where it is made. @throws GatewayError `rate_limited`. */
export async function throttle(step: 'begin' | 'end', { realm, loginsPerMinute }: Settings, address = 'unknown', store: Store): Promise<void> {
  const key = `logins/${realm}/${step}/${networkOf(address)}`;
  const reserved = await store.reserve([{ key, amount: 1, limit: loginsPerMinute, windowMs: 60_000 }]);
  if (reserved.ok) return;
  const { retryAfterMs = 60_000 } = reserved;
  throw new GatewayError('rate_limited', `There were more than ${loginsPerMinute} logins a minute from this address`, { retryAfterMs, retryable: true });
}
