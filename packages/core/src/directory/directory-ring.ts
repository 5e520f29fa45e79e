import type { KeyHash } from '../keys/key-hash.ts';
import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { Directory, DirectoryObject } from './directory.ts';
import type { BudgetCalendar } from './to-allowance.ts';
import { toKnownKey } from './to-known-key.ts';

/** How keys are kept in the directory: hashes only, of which the old one may live on for a while after a rotation. */
export type StoredHash = { readonly hash: string; readonly expires?: string };

const LONGEST_MEMORY_MS = 60_000;

/**
 * The keys of a directory, as auth asks for them. What a key stands for is worked out once, and again when anything in
 * the directory has changed, or after a minute, for budgets that are raised for a while.
 */
export function directoryRing(directory: Directory, hash: KeyHash, calendar: BudgetCalendar, now: () => number = Date.now): KeyRing {
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

  for (const { id, body } of directory.all('key')) index(id, body);
  directory.onChange((changed) => {
    known = new Map();
    for (const { kind, id, body } of changed) if (kind === 'key') index(id, body);
  });

  return {
    refresh: () => directory.pullSoon(),
    find(credential) {
      if (byHash.size === 0) return undefined;
      const entry = byHash.get(hash(credential));
      const moment = now();
      if (!entry || entry.expiresAt <= moment) return undefined;
      const remembered = known.get(entry.id);
      if (remembered && moment - remembered.at < LONGEST_MEMORY_MS) return remembered.key;
      const object = directory.get('key', entry.id);
      if (!object) return undefined;
      const key = toKnownKey(object, directory, { calendar, now: moment });
      known.set(entry.id, { key, at: moment });
      return key;
    },
  };
}

export function hashesOf(body: DirectoryObject['body'] | undefined): readonly StoredHash[] {
  return Array.isArray(body?.hashes) ? (body.hashes as StoredHash[]) : [];
}
