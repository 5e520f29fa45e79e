/** Every name that the store uses in Redis. */
export type KeyNames = {
  readonly processes: string;
  readonly mark: string;
  holder(id: string): string;
  counter(key: string, windowMs?: number): string;
  value(key: string): string;
};

/**
 * What a reservation touches shares a hash tag, for a cluster runs a script on one node only. Values, which nothing is
 * atomic with, spread over all nodes.
 */
export function keyNames(prefix: string): KeyNames {
  const counters = `{${prefix}}:`;
  return {
    processes: `${counters}processes`,
    mark: `${counters}mark`,
    holder: (id) => `${counters}held:${id}`,
    counter: (key, windowMs) => (windowMs === undefined ? `${counters}sum:${key}` : `${counters}window:${windowMs}:${key}`),
    value: (key) => `${prefix}:value:${key}`,
  };
}
