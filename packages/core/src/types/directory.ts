import type { JsonObject, MaybePromise } from './json.ts';

/** What a gateway can be told of at run time. */
export type ObjectKind = 'key' | 'user' | 'team' | 'organization' | 'project' | 'end_user' | 'budget' | 'tag' | 'access_group' | 'model' | 'credential';

/** One of them as it is kept. Its body has LiteLLM's names of fields, for that is what scripts send and read. */
export type StoredObject = {
  readonly kind: ObjectKind;
  readonly id: string;
  /** Larger than that of everything written before. */
  readonly revision: number;
  /** Nothing once it is deleted. */
  readonly body: JsonObject | undefined;
};

export type ObjectChange = {
  readonly kind: ObjectKind;
  readonly id: string;
  /** The whole of what it is from now on; nothing deletes it. */
  readonly body: JsonObject | undefined;
  /** The revision that the change is made from; 0 where it must not be there yet. */
  readonly from: number;
};

export type AuditAction = 'created' | 'updated' | 'deleted' | 'blocked' | 'unblocked' | 'rotated' | 'resealed';

/** One change by somebody. Secrets are masked before it is made. */
export type AuditEntry = {
  readonly at: string;
  /** The key by which it was made, and the person behind it where there is one. */
  readonly keyId: string;
  readonly userId: string | undefined;
  readonly action: AuditAction;
  readonly kind: ObjectKind;
  readonly objectId: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
};

/** An entry in its place: `hash` covers it and the hash before it, so that none can be changed or left out unnoticed. */
export type AuditRecord = AuditEntry & { readonly sequence: number; readonly hash: string };

export type AuditQuery = {
  readonly kind?: ObjectKind;
  readonly objectId?: string;
  readonly keyId?: string;
  /** Only what came before this one, newest first. */
  readonly before?: number;
  readonly limit: number;
};

/**
 * Keeps who there is: keys, users, teams and so on. Every gateway reads all of it at start and then what has changed,
 * so that no call asks for anything.
 *
 * Write a driver by passing `directoryContract` from `@sluice/testing`.
 */
export type DirectoryStore = {
  /** What was written after `revision`, in that order, each object in its last state. */
  changesSince(revision: number): MaybePromise<readonly StoredObject[]>;
  /**
   * Writes all of it or nothing, the entry of each change with it, and answers the objects as they are now.
   * @throws DirectoryConflictError where an object is no longer what a change is made from.
   */
  write(changes: readonly ObjectChange[], audit: readonly AuditEntry[]): MaybePromise<readonly StoredObject[]>;
  /** Newest first. */
  auditTrail(query: AuditQuery): MaybePromise<readonly AuditRecord[]>;
  close?(): MaybePromise<void>;
};
