import type { Store } from '../store/store.ts';
import type { JsonObject } from '../types/json.ts';
import type { Policy, Principal } from '../types/principal.ts';
import type { SettledBy } from '../types/settled-by.ts';
import type { ObjectRef } from './object-ids.ts';

/** A batch that nobody has seen to end yet. */
export type OpenBatch = {
  readonly ref: ObjectRef;
  /** Whom it was begun for, as they were then: what is held of them is let go of where it is held. */
  readonly principal?: Principal | undefined;
  readonly policy?: Policy | undefined;
  /** From when on it is no longer waited for, in milliseconds since the epoch. */
  readonly overdueAt: number;
};

/** A batch to be charged, as the provider has told of it; without that, by the deadline. */
export type Finding = { readonly batch: OpenBatch; readonly found: JsonObject | undefined; readonly by: SettledBy };

/** Places are given out by a counter, so that gateways can add at the same time. */
export type PlacedBatch = { readonly place: number; readonly batch: OpenBatch };

const COUNTER = 'batches:open';
const FIRST = 'batches:open:first';
const READ_AT_ONCE = 50;
const REMEMBERED_MS = 366 * 86_400_000;

/** The batches that have not been seen to end, of everybody, in the order they were begun: in the store, for all gateways of it. */
export class OpenBatches {
  readonly #store: Store;
  /** The last place when it was looked before: whoever took one up to it has long written there. */
  #settledUpTo = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** To be written to at once. */
  async nextPlace(): Promise<number> {
    const reserved = await this.#store.reserve([{ key: COUNTER, amount: 1, limit: Number.MAX_SAFE_INTEGER }]);
    return reserved.ok ? (reserved.totals[0] as number) : Number.MAX_SAFE_INTEGER;
  }

  async add(place: number, batch: OpenBatch): Promise<void> {
    await this.#store.set(keyOf(place), JSON.stringify(batch), { ttlMs: REMEMBERED_MS });
  }

  /** Nothing where it was forgotten, or could not be written down. */
  async get(place: number): Promise<OpenBatch | undefined> {
    const text = await this.#store.get(keyOf(place));
    return text === undefined ? undefined : (JSON.parse(text) as OpenBatch);
  }

  async forget(place: number): Promise<void> {
    await this.#store.delete(keyOf(place));
  }

  /** Whether it is this gateway that looks at it now, and nobody else for `forMs`. */
  async claim(place: number, forMs: number): Promise<boolean> {
    return (await this.#store.reserve([{ key: `${keyOf(place)}:look`, amount: 1, limit: 1, windowMs: forMs }])).ok;
  }

  /** All of them, oldest first, as they are there when they are come to. */
  async *all(): AsyncGenerator<PlacedBatch> {
    const last = await this.#store.total(COUNTER);
    const from = Number((await this.#store.get(FIRST)) ?? 1);
    let first = from;
    for (let place = from; place <= last; place += READ_AT_ONCE) {
      const places = Array.from({ length: Math.min(READ_AT_ONCE, last - place + 1) }, (_, index) => place + index);
      const texts = await Promise.all(places.map((wanted) => this.#store.get(keyOf(wanted))));
      for (const [index, text] of texts.entries()) {
        const at = place + index;
        if (text !== undefined) yield { place: at, batch: JSON.parse(text) as OpenBatch };
        else if (at === first && at <= this.#settledUpTo) first += 1;
      }
    }
    this.#settledUpTo = last;
    if (first > from) await this.#store.set(FIRST, String(first), { ttlMs: REMEMBERED_MS });
  }
}

function keyOf(place: number): string {
  return `batches:open:${place}`;
}
