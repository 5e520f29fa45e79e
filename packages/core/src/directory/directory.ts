import { GatewayError } from '../errors/gateway-error.ts';
import { deadline } from '../stream/deadline.ts';
import { isPromise } from '../stream/maybe-promise.ts';
import type { AuditEntry, AuditQuery, AuditRecord, DirectoryStore, ObjectChange, ObjectKind, StoredObject } from '../types/directory.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';

/** An object that is there. */
export type DirectoryObject = StoredObject & { readonly body: JsonObject };

export type DirectoryOptions = {
  readonly store: DirectoryStore;
  /** How often what others have written is looked for, in milliseconds. Default 500. */
  readonly pollMs?: number;
  /** Longest wait of whoever asks for something, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Hears once that the store is away, and of what a listener throws. */
  readonly onError: (error: unknown) => void;
};

const SHORTEST_PAUSE_MS = 50;
const LONGEST_WAIT_MS = 5_000;
/** Whoever closes waits for a read that is nearly done, and for no more. */
const LAST_WAIT_MS = 300;
/** A change that is made again may be made twice. */
const UNKNOWN = ' Whether the change was made is not known: look before you ask for it again.';

/**
 * Everything that a directory store holds, in memory: a call finds its key without asking anybody, and goes on finding
 * it while the store is away. What other gateways write is here within `pollMs`; what is written here, at once.
 */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #objects = new Map<ObjectKind, Map<string, DirectoryObject>>();
  /** Revisions of deletions that were made here and not read yet: an older answer that comes after them brings nothing back. */
  readonly #deleted = new Map<string, number>();
  readonly #listeners: ((changed: readonly StoredObject[]) => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #revision = 0;
  #pulling: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  #pulledAt = -Infinity;
  #isAway = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.pull().catch(() => undefined), options.pollMs ?? 500).unref();
    // A store in this process answers at once, and then everything is here before the first call.
    const first = options.store.changesSince(0);
    if (isPromise(first)) this.#pulling = this.#take(first);
    else this.#apply(first);
  }

  /** Resolves when the first read is done. Rejects where the store cannot be read. */
  async ready(): Promise<void> {
    if (this.#pulling) await this.#pulling;
    else if (this.#isAway) await this.pull();
  }

  get(kind: ObjectKind, id: string): DirectoryObject | undefined {
    return this.#objects.get(kind)?.get(id);
  }

  all(kind: ObjectKind): readonly DirectoryObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  /** Hears of everything that changes from now on, deletions included. */
  onChange(listener: (changed: readonly StoredObject[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads what others have written. Those who ask while that is being done wait for the same answer. */
  pull(): Promise<void> {
    this.#pulling ??= this.#take(this.#options.store.changesSince(this.#revision));
    return this.#pulling;
  }

  /**
   * As {@link pullAnew}, not more often than every {@link SHORTEST_PAUSE_MS}, and whether the store can be read or not:
   * for callers whose unknown key may be a new one.
   */
  pullSoon(): Promise<void> {
    this.#waiting ??= this.#pullAfterPause();
    return this.#waiting;
  }

  /** Everything that was written before this was called is here when it resolves. Rejects where the store cannot be read. */
  async pullAnew(): Promise<void> {
    await this.#inTime(this.#pullNext());
  }

  /** @throws DirectoryConflictError, whatever keeps the store from writing, and GatewayError `store_unavailable` where it is silent. */
  async write(changes: readonly ObjectChange[], audit: readonly AuditEntry[]): Promise<readonly StoredObject[]> {
    return this.#inTime(this.#writeNow(changes, audit), { note: UNKNOWN, headers: { 'x-should-retry': 'false' } });
  }

  /** Who has changed what, newest first. Rejects where the store cannot be read. */
  async auditTrail(query: AuditQuery): Promise<readonly AuditRecord[]> {
    return this.#inTime(this.#options.store.auditTrail(query));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.race([this.#pulling?.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, LAST_WAIT_MS).unref())]);
    await this.#options.store.close?.();
  }

  /** Nobody waits for a store that is silent. What it says in the end is heard all the same. */
  async #inTime<T>(work: MaybePromise<T>, { note = '', headers }: { readonly note?: string; readonly headers?: Record<string, string> } = {}): Promise<T> {
    const { timeoutMs = LONGEST_WAIT_MS } = this.#options;
    const said = `The directory has not answered within ${timeoutMs} ms.${note}`;
    return deadline(work, timeoutMs, () => new GatewayError('store_unavailable', said, headers ? { headers } : {}));
  }

  async #writeNow(changes: readonly ObjectChange[], audit: readonly AuditEntry[]): Promise<readonly StoredObject[]> {
    const written = await this.#options.store.write(changes, audit);
    this.#apply(written, false);
    return written;
  }

  async #pullNext(): Promise<void> {
    await this.#pulling?.catch(() => undefined);
    await this.pull();
  }

  async #pullAfterPause(): Promise<void> {
    const pauseMs = SHORTEST_PAUSE_MS - (performance.now() - this.#pulledAt);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    // Whoever asks from here on may know of more than this will read.
    this.#waiting = undefined;
    await this.pullAnew().catch(() => undefined);
  }

  async #take(answer: ReturnType<DirectoryStore['changesSince']>): Promise<void> {
    try {
      this.#apply(await answer);
      this.#pulledAt = performance.now();
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) this.#options.onError(error);
      this.#isAway = true;
      throw error;
    } finally {
      this.#pulling = undefined;
    }
  }

  /** Between what this gateway has written and what it has read there may be others' changes: only reading moves on. */
  #apply(changed: readonly StoredObject[], isRead = true): void {
    // What a slow write answers was read in the meantime, or what has become of it.
    const fresh = changed.filter((object) => (isRead || object.revision > this.#revision) && this.#put(object));
    for (const { revision } of isRead ? changed : []) this.#revision = Math.max(this.#revision, revision);
    for (const [name, revision] of this.#deleted) if (revision <= this.#revision) this.#deleted.delete(name);
    for (const listener of fresh.length > 0 ? this.#listeners : []) listener(fresh);
  }

  /** Whether it is news. */
  #put(object: StoredObject): boolean {
    let ofKind = this.#objects.get(object.kind);
    if (!ofKind) this.#objects.set(object.kind, (ofKind = new Map()));
    const name = `${object.kind} ${object.id}`;
    if ((ofKind.get(object.id)?.revision ?? this.#deleted.get(name) ?? 0) >= object.revision) return false;
    if (object.body === undefined) {
      ofKind.delete(object.id);
      this.#deleted.set(name, object.revision);
    } else ofKind.set(object.id, object as DirectoryObject);
    return true;
  }
}
