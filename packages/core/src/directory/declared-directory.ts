import { GatewayError } from '../errors/gateway-error.ts';
import { deadline } from '../stream/deadline.ts';
import { isPromise } from '../stream/maybe-promise.ts';
import type { DirectoryStore, ObjectChange, ObjectKind, StoredObject } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import type { Secret } from '../types/model.ts';

/** Who there is by a configuration: as {@link StoredObject}, before anybody has written anything. */
export type DeclaredObject =
  | DeclaredKey
  | { readonly kind: Exclude<ObjectKind, 'key' | 'model' | 'credential'>; readonly id: string; readonly body: JsonObject };

/** A key whose secret stands in the configuration. */
export type DeclaredKey = { readonly kind: 'key'; readonly id: string; readonly body: JsonObject; readonly key: string | Secret };

/** Before everything that a store has ever written. */
const DECLARED = 0.5;
const LONGEST_FIRST_WAIT_MS = 2000;

type Overlay = { readonly overlay: JsonObject };

/**
 * A directory that begins with what is declared. What is written over it is kept in `store`, field by field: fields
 * that nobody has written go on following the declaration. Without a store nothing can be written.
 */
export function declaredDirectory(declared: readonly DeclaredObject[], store?: DirectoryStore): DirectoryStore {
  const bodies = new Map(declared.map(({ kind, id, body }) => [nameOf({ kind, id }), body]));

  function merged(stored: StoredObject): StoredObject {
    const base = bodies.get(nameOf(stored));
    const { body } = stored;
    if (body === undefined) return stored;
    // What was written over a declaration that is gone is about nobody.
    if (!base) return isOverlay(body) ? { ...stored, body: undefined } : stored;
    return { ...stored, body: withoutNulls({ ...base, ...(isOverlay(body) ? body.overlay : body) }) };
  }

  function toWrite(change: ObjectChange): ObjectChange {
    const base = bodies.get(nameOf(change));
    const from = change.from === DECLARED ? 0 : change.from;
    return base && change.body ? { ...change, from, body: { overlay: differences(base, change.body) } satisfies Overlay } : { ...change, from };
  }

  return {
    changesSince(revision) {
      const fresh = revision < DECLARED ? declared.map(({ kind, id, body }) => ({ kind, id, body, revision: DECLARED })) : [];
      const written = store?.changesSince(Math.floor(revision)) ?? [];
      if (!isPromise(written)) return [...fresh, ...written.map(merged)];
      const all = written.then((objects) => [...fresh, ...objects.map(merged)]);
      // What is declared is in force while the store is away or silent; that it is, is told when it is asked again.
      return fresh.length > 0 ? soonOr(all, fresh) : all;
    },
    async write(changes, audit) {
      if (!store) throw new GatewayError('directory_missing', 'This gateway keeps what its configuration declares; to change it here, give it a database');
      return (await store.write(changes.map(toWrite), audit)).map(merged);
    },
    auditTrail: (query) => store?.auditTrail(query) ?? [],
    ...(store?.close && { close: () => store.close?.() }),
  };
}

/** An answer, or what there is without it: where it fails, and where it does not come before callers would give up. */
async function soonOr<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await deadline(answer, LONGEST_FIRST_WAIT_MS, () => new Error('silent'));
  } catch {
    return otherwise;
  }
}

function nameOf({ kind, id }: Pick<StoredObject, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

function isOverlay(body: JsonObject): body is Overlay {
  return typeof body.overlay === 'object' && body.overlay !== null && Object.keys(body).length === 1;
}

/** A field that was taken away is `null` in what is kept. */
function differences(base: JsonObject, body: JsonObject): JsonObject {
  const names = new Set([...Object.keys(base), ...Object.keys(body)]);
  return Object.fromEntries([...names].filter((name) => JSON.stringify(base[name]) !== JSON.stringify(body[name])).map((name) => [name, body[name] ?? null]));
}

function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
