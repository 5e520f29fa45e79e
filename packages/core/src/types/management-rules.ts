import type { JsonObject } from './json.ts';

/** What holds for whoever is made while the gateway runs. Fields are those of the routes, such as `max_budget`. */
export type ManagementRules = {
  /** What the new have of which nothing else is said; `null` says that there is nothing. */
  readonly defaults?: { readonly key?: JsonObject; readonly user?: JsonObject; readonly team?: JsonObject };
  /** The most that a key may be given by anybody, and what it has where nothing is said: limits, a budget, its `budget_duration`, its `duration`. A `max_budget` without a `budget_duration` never starts anew. */
  readonly mostOfKey?: JsonObject;
  /** How many keys a person may have at a time. Default: any number. */
  readonly keysPerUser?: number;
};
