import type { Identity } from './identity.ts';

/** Types an identity as it is written. */
export function defineIdentity(identity: Identity): Identity {
  return identity;
}
