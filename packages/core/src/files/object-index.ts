import { GatewayError } from '../errors/gateway-error.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../types/json.ts';
import type { ObjectKind } from './object-ids.ts';

/** What is remembered of an object: as its key was last shown it. */
export type Entry = { readonly place: number; readonly value: JsonObject };

export type PageOptions = {
  readonly limit: number;
  /** Oldest first. */
  readonly isAscending: boolean;
  /** The place that the page before ended at. */
  readonly after: number | undefined;
  fits(value: JsonObject): boolean;
};

/** Long enough for whatever a provider still keeps; a store may forget values sooner. */
const REMEMBERED_MS = 366 * 86_400_000;
const READ_AT_ONCE = 50;

/**
 * What each key has made, in the order it was made. Places are given out by a counter, so that several gateways can add
 * at the same time.
 */
export class ObjectIndex {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws GatewayError `store_unavailable` */
  async nextPlace(kind: ObjectKind, owner: string): Promise<number> {
    const reserved = await this.#ask(() => this.#store.reserve([{ key: counterOf(kind, owner), amount: 1, limit: Number.MAX_SAFE_INTEGER }]));
    return reserved.ok ? (reserved.totals[0] as number) : Number.MAX_SAFE_INTEGER;
  }

  async remember(kind: ObjectKind, owner: string, { place, value }: Entry): Promise<void> {
    await this.#ask(() => this.#store.set(keyOf(kind, owner, place), JSON.stringify(value), { ttlMs: REMEMBERED_MS }));
  }

  async forget(kind: ObjectKind, owner: string, place: number): Promise<void> {
    await this.#ask(() => this.#store.delete(keyOf(kind, owner, place)));
  }

  /** Up to `limit` that are still there, and whether there are more. */
  async page(kind: ObjectKind, owner: string, { limit, isAscending, after, fits }: PageOptions): Promise<{ entries: Entry[]; hasMore: boolean }> {
    const last = await this.#ask(() => this.#store.total(counterOf(kind, owner)));
    const step = isAscending ? 1 : -1;
    const entries: Entry[] = [];
    let place = after === undefined ? (isAscending ? 1 : last) : after + step;
    while (place >= 1 && place <= last && entries.length <= limit) {
      const places = Array.from({ length: READ_AT_ONCE }, (_, index) => place + index * step).filter((wanted) => wanted >= 1 && wanted <= last);
      for (const found of await Promise.all(places.map((wanted) => this.find(kind, owner, wanted)))) if (found && fits(found.value)) entries.push(found);
      place += READ_AT_ONCE * step;
    }
    return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
  }

  async find(kind: ObjectKind, owner: string, place: number): Promise<Entry | undefined> {
    const text = await this.#ask(() => this.#store.get(keyOf(kind, owner, place)));
    return text === undefined ? undefined : { place, value: JSON.parse(text) as JsonObject };
  }

  async #ask<T>(ask: () => T | Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw new GatewayError('store_unavailable', 'What there is of files and batches cannot be told at the moment', { cause });
    }
  }
}

function counterOf(kind: ObjectKind, owner: string): string {
  return `${kind}s:made:${owner}`;
}

function keyOf(kind: ObjectKind, owner: string, place: number): string {
  return `${kind}s:made:${owner}:${place}`;
}
