import { randomBytes } from 'node:crypto';
import { keyHash, saltName } from '../keys/key-hash.ts';
import { reveal } from '../keys/key-ring.ts';
import type { Secret } from '../types/model.ts';

/** How keys are kept in the directory: hashes only, of which the old one may live on for a while after a rotation. `salt` names the salt key. */
export type StoredHash = { readonly hash: string; readonly expires?: string; readonly salt?: string };

export type IssuedKey = {
  /** The key itself, to be shown once: nothing can bring it back. */
  readonly key: string;
  /** What a key's body in the directory holds of it. */
  readonly stored: { readonly hashes: readonly StoredHash[]; readonly key_name: string };
};

/**
 * Makes a virtual key of 192 random bits, or takes one that was chosen. `saltKey` is the gateway's, or its master key
 * where it has none.
 *
 * @example
 * const { key, stored } = issueKey(saltKey);
 * await directory.write([{ kind: 'key', id: 'reports', from: 0, body: { ...stored, team_id: 'finance' } }], []);
 */
export function issueKey(saltKey: string | Secret, key = `sk-${randomBytes(24).toString('base64url')}`): IssuedKey {
  return { key, stored: { hashes: [storedHash(reveal(saltKey), key)], key_name: keyName(key) } };
}

export function storedHash(saltKey: string, key: string): StoredHash {
  return { hash: keyHash(saltKey)(key), salt: saltName(saltKey) };
}

/** By which people tell their keys apart: the last letters, where enough others are left. */
export function keyName(key: string): string {
  return `sk-...${key.length < SHORTEST_SHOWN ? '' : key.slice(-4)}`;
}

const SHORTEST_SHOWN = 16;
