import { type GatewayOptions, memoryStore, type Sink } from '@sluice/core';

type Closable = { close?: (() => unknown) | undefined };

/** What lives as long as the process, whichever gateway uses it: what is counted, kept and logged goes on where it was. */
export type Lasting = {
  /** The options with what lasts in the place of what they would have closed. */
  lend(options: GatewayOptions): GatewayOptions;
  close(): Promise<void>;
};

export function lasting(first: GatewayOptions, callLog: () => Sink): Lasting {
  const store = first.store ?? memoryStore();
  let log: Sink | undefined;
  return {
    lend({ ledger, directory, sinks = [lent((log ??= callLog()))], ...options }) {
      return {
        ...options,
        store: lent(options.store ?? store),
        ...(ledger && { ledger: lent(ledger) }),
        ...(directory && { directory: lent(directory) }),
        sinks,
      };
    },
    async close() {
      const parts: readonly (Closable | undefined)[] = [log, first.ledger, store, first.directory];
      await Promise.all(parts.map((part) => part?.close?.()));
    },
  };
}

/** The same without `close`, whether it is an object or an instance with private fields. */
function lent<T extends object>(owner: T & Closable): T {
  const names = new Set<string>();
  for (let level: object | null = owner; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null)
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  const fields = [...names].filter((name) => name !== 'close' && name !== 'constructor').map((name) => [name, owner[name as keyof T]] as const);
  return Object.fromEntries(fields.map(([name, value]) => [name, typeof value === 'function' ? (value.bind(owner) as unknown) : value])) as T;
}
