import type { Principal } from '../types/call.ts';
import type { Secret } from '../types/model.ts';
import { keyHash } from './key-hash.ts';
import type { VirtualKey } from './virtual-key.ts';

/** Ids that no virtual key may take. */
export const RESERVED_KEY_IDS = { master: 'master', anonymous: 'anonymous' } as const;

/** A known key: for whom it stands, and what speaks against it. */
export type KnownKey = { readonly principal: Principal; readonly expiresAt?: number; readonly isBlocked: boolean };

/** Finds what a credential stands for. Holds hashes and no keys. */
export type KeyRing = { find(credential: string): KnownKey | undefined };

export function keyRing(keys: readonly VirtualKey[], masterKey?: string | Secret): KeyRing {
  const hash = keyHash(masterKey === undefined ? undefined : reveal(masterKey));
  const known = new Map<string, KnownKey>();
  const add = (key: string | Secret, entry: KnownKey): void => {
    known.set(hash(reveal(key)), entry);
  };

  for (const key of keys) add(key.key, toKnownKey(key));
  if (masterKey !== undefined) add(masterKey, { principal: { keyId: RESERVED_KEY_IDS.master, isAdmin: true }, isBlocked: false });

  return {
    find: (credential) => (known.size === 0 ? undefined : known.get(hash(credential))),
  };
}

export function reveal(key: string | Secret): string {
  return typeof key === 'string' ? key : key.reveal();
}

function toKnownKey({ id, key: _, alias, expiresAt, isBlocked = false, ...rest }: VirtualKey): KnownKey {
  return {
    principal: { keyId: id, ...rest, ...(alias === undefined ? {} : { keyAlias: alias }) },
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.getTime() }),
    isBlocked,
  };
}
