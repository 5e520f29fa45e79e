/** Shares of what the providers of a group allow a minute (`requestsPerMinute`, `tokensPerMinute` of its deployments). */
export type PriorityOptions = {
  /** By the `priority` in the metadata of a key, between 0 and 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** For all others together. Default 0.5. */
  readonly defaultShare?: number;
  /** How full a group has to be before shares hold; below, everybody may use all of it. Default 0.8. */
  readonly saturation?: number;
};
