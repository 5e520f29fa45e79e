import {
  defineProvider,
  defineStore,
  GatewayError,
  type JsonObject,
  type Mapping,
  type Provider,
  type Reservation,
  type Store,
  type StoreHold,
} from '@sluice/core';

/** An upstream call that waits for its end. */
export type HeldCall = { answer(body: JsonObject): void; fail(): void };

/** A provider whose calls end when they are told to. `onCall` hears of each as it arrives. */
export function heldProvider(onCall: (call: HeldCall) => void): Provider {
  const chat: Mapping = {
    toRequest: () => ({ url: 'local:/chat', headers: {}, body: '{}' }),
    toError: () => new GatewayError('upstream_error', 'failed as it was told to', { retryable: false }),
  };
  return defineProvider({
    name: 'local',
    operations: { chat },
    send: (_, { signal }) =>
      new Promise((resolve, reject) => {
        const end = (status: number, body: JsonObject): void => resolve({ status, headers: { 'content-type': 'application/json' }, body: whole(body) });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        onCall({ answer: (body) => end(200, body), fail: () => end(500, {}) });
      }),
  });
}

async function* whole(body: JsonObject): AsyncGenerator<Uint8Array> {
  yield Buffer.from(JSON.stringify(body));
}

export type WatchedStore = {
  readonly store: Store;
  /** What was reserved, or refused, last. */
  last: Reservation | undefined;
  /** How often each hold has ended. */
  readonly endings: ReadonlyMap<StoreHold, number>;
  /** Hears of each adjustment, once it is done. */
  onAdjusted: () => void;
};

/** Keeps account of what is held in a store. */
export function watched(store: Store): WatchedStore {
  const endings = new Map<StoreHold, number>();
  const watch: WatchedStore = {
    last: undefined,
    endings,
    onAdjusted: () => undefined,
    store: defineStore({
      ...store,
      async reserve(claims) {
        const reservation = await store.reserve(claims);
        if (reservation.ok && reservation.hold) endings.set(reservation.hold, 0);
        watch.last = reservation;
        return reservation;
      },
      async adjust(adjustments, ends = []) {
        await store.adjust(adjustments, ends);
        for (const hold of ends) endings.set(hold, (endings.get(hold) ?? 0) + 1);
        watch.onAdjusted();
      },
    }),
  };
  return watch;
}
