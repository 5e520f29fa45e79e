import type { AuditRecord, DirectoryStore, ObjectChange, StoredObject } from '../types/directory.ts';
import { auditHash } from './audit-hash.ts';
import { DirectoryConflictError } from './directory-conflict-error.ts';

/** Keeps who there is in this process: for tests, and for gateways that are told everything anew at each start. */
export function memoryDirectoryStore(): DirectoryStore {
  const objects = new Map<string, StoredObject>();
  const trail: AuditRecord[] = [];
  let revision = 0;

  const nameOf = ({ kind, id }: Pick<StoredObject, 'kind' | 'id'>): string => `${kind} ${id}`;

  function requireCurrent(change: ObjectChange): void {
    const current = objects.get(nameOf(change));
    const now = current?.body === undefined ? 0 : current.revision;
    if (now !== change.from) throw new DirectoryConflictError(`The ${change.kind} '${change.id}' has changed in the meantime`);
  }

  return {
    changesSince: (since) => [...objects.values()].filter((object) => object.revision > since).sort((one, other) => one.revision - other.revision),

    write(changes, audit) {
      changes.forEach(requireCurrent);
      const written = changes.map(({ kind, id, body }) => ({ kind, id, body: structuredClone(body), revision: (revision += 1) }));
      for (const object of written) objects.set(nameOf(object), object);
      for (const entry of audit) {
        const sequence = trail.length + 1;
        trail.push({ ...structuredClone(entry), sequence, hash: auditHash(trail.at(-1)?.hash ?? '', sequence, entry) });
      }
      return written;
    },

    auditTrail: ({ kind, objectId, keyId, before = Infinity, limit }) =>
      trail
        .filter((entry) => entry.sequence < before)
        .filter((entry) => (kind ?? entry.kind) === entry.kind && (objectId ?? entry.objectId) === entry.objectId && (keyId ?? entry.keyId) === entry.keyId)
        .reverse()
        .slice(0, limit),
  };
}
