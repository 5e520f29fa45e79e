import type { Allowance } from '../types/principal.ts';
import type { JsonObject } from '../types/json.ts';
import type { Secret } from '../types/model.ts';

/** A key that the gateway issues, as it stands in a configuration. */
export type VirtualKey = Allowance & {
  /** Names the key in records and counters; never the key itself. */
  readonly id: string;
  /** The key. Only its keyed hash is kept. */
  readonly key: string | Secret;
  readonly alias?: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly organizationId?: string;
  /** Model groups it may call; `*` is a wildcard. Default: all. */
  readonly models?: readonly string[];
  /** What the key may use of single model groups, by the name that callers use. */
  readonly modelAllowances?: Readonly<Record<string, Allowance>>;
  /** Regions its calls may be answered in; `*` is a wildcard. Default: all. */
  readonly regions?: readonly string[];
  /** May ask how a call would be routed. */
  readonly mayExplain?: boolean;
  readonly expiresAt?: Date;
  readonly isBlocked?: boolean;
  readonly metadata?: JsonObject;
};
