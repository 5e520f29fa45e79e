import type { Identity, IdentityInput } from './identity.ts';

/** An identity by its name; a function without one has its place among the others. */
export function namedIdentity(identity: IdentityInput, index: number): Identity {
  return typeof identity === 'function' ? { name: identity.name || `identities[${index}]`, identify: identity } : identity;
}
