import type { Directory } from '../directory/directory.ts';
import { makeAbsent } from '../directory/make-absent.ts';
import { toIdentified } from '../directory/to-identified.ts';
import { askIdentities } from '../hooks/auth/ask-identities.ts';
import type { AuthOptions } from '../hooks/auth.ts';
import type { SessionCookie } from '../identities/identity.ts';
import { namedIdentity } from '../identities/named-identity.ts';
import type { Store } from '../store/store.ts';
import type { GatewayOptions } from './options.ts';

type VoucherOptions = Pick<GatewayOptions, 'identities' | 'budget'> & { readonly onError: (error: unknown) => void };

/** What the gateway's identities answer, and what its directory knows of whom they name. */
export function voucher(
  { identities = [], budget, onError }: VoucherOptions,
  { directory, store }: { readonly directory: Directory | undefined; readonly store: Store },
): AuthOptions['vouch'] {
  if (identities.length === 0) return undefined;
  const ask = askIdentities({ identities: identities.map(namedIdentity), store, onError });
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
  const all = identities.map(namedIdentity);
  return (credential) => all.some(({ recognizes }) => recognizes?.(credential) ?? true);
}

/** Where sessions stand that browsers bring along. */
export function sessionCookies(identities: GatewayOptions['identities'] = []): readonly SessionCookie[] {
  return identities.map(namedIdentity).flatMap(({ cookie }) => cookie ?? []);
}
