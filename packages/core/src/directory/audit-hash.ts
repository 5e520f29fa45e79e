import { createHash } from 'node:crypto';
import type { AuditEntry } from '../types/directory.ts';

/** The hash of an entry in its place. `previous` is the hash before it, empty for the first. */
export function auditHash(previous: string, sequence: number, entry: AuditEntry): string {
  const { at, keyId, userId = null, action, kind, objectId, before = null, after = null } = entry;
  const told = JSON.stringify([previous, sequence, at, keyId, userId, action, kind, objectId, before, after]);
  return createHash('sha256').update(told).digest('hex');
}
