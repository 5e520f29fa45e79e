import type { Principal } from '../types/principal.ts';
import type { Secret } from '../types/model.ts';
import { type KeyHash, keyHash } from './key-hash.ts';
import type { VirtualKey } from './virtual-key.ts';

/** Ids that no virtual key may take. */
export const RESERVED_KEY_IDS = { master: 'master', anonymous: 'anonymous', router: 'router', health: 'health', guardrail: 'guardrail' } as const;

/** A known key: for whom it stands, and what speaks against it. */
export type KnownKey = { readonly principal: Principal; readonly expiresAt?: number; readonly isBlocked: boolean };

/** Finds what a credential stands for. Holds hashes and no keys. */
export type KeyRing = {
  find(credential: string): KnownKey | undefined;
  /** Looks for keys that others have made in the meantime, for callers whose key is not known. Absent where nobody can. */
  refresh?(): Promise<void>;
};

export function keyRing(keys: readonly VirtualKey[], masterKey?: string | Secret, hash: KeyHash = hashBy(masterKey)): KeyRing {
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

/** Asks one ring after the other. */
export function ringOf(...rings: readonly KeyRing[]): KeyRing {
  return {
    find(credential) {
      for (const ring of rings) {
        const known = ring.find(credential);
        if (known) return known;
      }
      return undefined;
    },
    ...(rings.some(({ refresh }) => refresh) && {
      refresh: async () => {
        for (const { refresh } of rings) await refresh?.();
      },
    }),
  };
}

export function reveal(key: string | Secret): string {
  return typeof key === 'string' ? key : key.reveal();
}

/** The hash that a gateway keeps keys by: the same wherever the secret is the same. */
export function hashBy(secret: string | Secret | undefined): KeyHash {
  return keyHash(secret === undefined ? undefined : reveal(secret));
}

function toKnownKey({ id, key: _, alias, expiresAt, isBlocked = false, ...rest }: VirtualKey): KnownKey {
  return {
    principal: { keyId: id, ...rest, ...(alias === undefined ? {} : { keyAlias: alias }) },
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.getTime() }),
    isBlocked,
  };
}
