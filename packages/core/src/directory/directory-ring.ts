import { keyHash } from '../keys/key-hash.ts';
import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { Directory, DirectoryObject } from './directory.ts';
import type { BudgetCalendar } from './to-allowance.ts';
import { type StoredHash, storedHash } from './issue-key.ts';
import { toKnownKey } from './to-known-key.ts';

export type DirectoryRingOptions = {
  /** The first is the one that is in force, the others are former ones by which there may still be keys. */
  readonly saltKeys: readonly string[];
  readonly calendar: BudgetCalendar;
  /** Hears of a key that was found by the hash of a former salt key, and what it would be now. */
  readonly onFormerHash?: (id: string, former: string, now: StoredHash) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

const LONGEST_MEMORY_MS = 60_000;

/**
 * The keys of a directory, as auth asks for them. What a key stands for is worked out once, and again when anything in
 * the directory has changed, or after a minute, for budgets that are raised for a while.
 */
export function directoryRing(directory: Directory, { saltKeys, calendar, onFormerHash, now = Date.now }: DirectoryRingOptions): KeyRing {
  const hashers = saltKeys.map(keyHash);
  const byHash = new Map<string, { readonly id: string; readonly expiresAt: number }>();
  const hashesById = new Map<string, readonly string[]>();
  let known = new Map<string, { readonly key: KnownKey; readonly at: number }>();

  function index(id: string, body: DirectoryObject['body'] | undefined): void {
    for (const name of hashesById.get(id) ?? []) byHash.delete(name);
    const hashes = hashesOf(body);
    hashesById.set(
      id,
      hashes.map((stored) => stored.hash),
    );
    for (const { hash: name, expires } of hashes) byHash.set(name, { id, expiresAt: expires === undefined ? Infinity : Date.parse(expires) });
  }

  function idOf(credential: string, moment: number): string | undefined {
    for (const [place, hash] of hashers.entries()) {
      const hashed = hash(credential);
      const entry = byHash.get(hashed);
      if (!entry || entry.expiresAt <= moment) continue;
      if (place > 0) onFormerHash?.(entry.id, hashed, storedHash(saltKeys[0] as string, credential));
      return entry.id;
    }
    return undefined;
  }

  for (const { id, body } of directory.all('key')) index(id, body);
  directory.onChange((changed) => {
    known = new Map();
    for (const { kind, id, body } of changed) if (kind === 'key') index(id, body);
  });

  return {
    refresh: () => directory.pullSoon(),
    find(credential) {
      if (byHash.size === 0) return undefined;
      const moment = now();
      const id = idOf(credential, moment);
      if (id === undefined) return undefined;
      const remembered = known.get(id);
      if (remembered && moment - remembered.at < LONGEST_MEMORY_MS) return remembered.key;
      const object = directory.get('key', id);
      if (!object) return undefined;
      const key = toKnownKey(object, directory, { calendar, now: moment });
      known.set(id, { key, at: moment });
      return key;
    },
  };
}

export function hashesOf(body: DirectoryObject['body'] | undefined): readonly StoredHash[] {
  return Array.isArray(body?.hashes) ? (body.hashes as StoredHash[]) : [];
}
