import type { AuditEntry } from '../types/directory.ts';
import type { Directory } from './directory.ts';
import { hashesOf } from './directory-ring.ts';
import type { StoredHash } from './issue-key.ts';

const PAUSE_MS = 1000;
const MOST_AT_ONCE = 100;

/**
 * Keeps keys by hashes of today that were found by those of a former salt key, a moment later and several at a time. What
 * cannot be written is left: the next call with the key tries again.
 */
export function hashRenewal(directory: Directory): (id: string, former: string, now: StoredHash) => void {
  const waiting = new Map<string, { readonly former: string; readonly now: StoredHash }>();
  let isDue = false;

  async function renew(): Promise<void> {
    isDue = false;
    const at = new Date().toISOString();
    const changes = [...waiting].slice(0, MOST_AT_ONCE).flatMap(([id, { former, now }]) => {
      waiting.delete(id);
      const key = directory.get('key', id);
      const hashes = hashesOf(key?.body).map((stored) => (stored.hash === former ? { ...stored, ...now } : stored));
      return key ? [{ kind: 'key' as const, id, from: key.revision, body: { ...key.body, hashes } }] : [];
    });
    if (waiting.size > 0) schedule();
    if (changes.length === 0) return;
    const entries = changes.map(
      ({ id }): AuditEntry => ({ at, keyId: id, userId: undefined, action: 'resealed', kind: 'key', objectId: id, before: undefined, after: undefined }),
    );
    await directory.write(changes, entries);
  }

  function schedule(): void {
    if (isDue) return;
    isDue = true;
    setTimeout(() => void renew().catch(() => undefined), PAUSE_MS).unref();
  }

  return (id, former, now) => {
    waiting.set(id, { former, now });
    schedule();
  };
}
