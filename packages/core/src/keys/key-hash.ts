import { createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** A keyed hash of a credential: what is kept and compared in its place. Useless to who has it without the key. */
export type KeyHash = (credential: string) => string;

/**
 * With a secret, the same hash in every process that shares it; without, one that lives as long as this process.
 * Lookups by it leak nothing through time: who does not know the key cannot steer what is compared.
 */
export function keyHash(secret?: string): KeyHash {
  const key = secret === undefined ? randomBytes(32) : Buffer.from(hkdfSync('sha256', secret, '', 'sluice virtual keys', 32));
  return (credential) => createHmac('sha256', key).update(credential).digest('base64');
}
