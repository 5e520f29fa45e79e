import { randomBytes } from 'node:crypto';
import { hashBy } from '../keys/key-ring.ts';
import type { Secret } from '../types/model.ts';
import type { StoredHash } from './directory-ring.ts';

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
  return { key, stored: { hashes: [{ hash: hashBy(saltKey)(key) }], key_name: `sk-...${key.slice(-4)}` } };
}
