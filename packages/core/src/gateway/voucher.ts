import type { Directory } from '../directory/directory.ts';
import { makeAbsent } from '../directory/make-absent.ts';
import { toIdentified } from '../directory/to-identified.ts';
import { askIdentities } from '../hooks/auth/ask-identities.ts';
import type { AuthOptions } from '../hooks/auth.ts';
import type { Identity, IdentityInput } from '../types/identity.ts';
import type { GatewayOptions } from './options.ts';

type VoucherOptions = Pick<GatewayOptions, 'identities' | 'budget'> & { readonly onError: (error: unknown) => void };

/** What the gateway's identities answer, and what its directory knows of whom they name. */
export function voucher({ identities = [], budget, onError }: VoucherOptions, directory: Directory | undefined): AuthOptions['vouch'] {
  if (identities.length === 0) return undefined;
  const ask = askIdentities({ identities: identities.map(named), onError });
  return async (ctx, credential) => {
    const identified = await ask(ctx, credential);
    if (!identified) return [];
    const now = Date.now();
    if (directory) await makeAbsent(identified, directory, now);
    return toIdentified(identified, directory, { calendar: budget?.calendar ?? {}, now });
  };
}

/** Whether the gateway's identities may know whose a credential is, so that it is worth asking. */
export function mayBeVouched(identities: GatewayOptions['identities'] = []): (credential: string) => boolean {
  const all = identities.map(named);
  return (credential) => all.some(({ recognizes }) => recognizes?.(credential) ?? true);
}

function named(identity: IdentityInput, index: number): Identity {
  return typeof identity === 'function' ? { name: identity.name || `identities[${index}]`, identify: identity } : identity;
}
