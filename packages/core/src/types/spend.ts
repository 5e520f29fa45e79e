import type { OwnerKind } from './principal.ts';

/** Whose spend a ledger is asked for: a key, a team, one model of a key, and so on, named as in counters. */
export type Spender = { readonly kind: OwnerKind; readonly id: string };

/** What calls can be told apart by; the model is the group that answered. */
export type CallField = 'id' | 'key' | 'user' | 'team' | 'organization' | 'project' | 'end_user' | 'tag' | 'model' | 'provider' | 'status' | 'code';

/** Of each field that is named, one of these. */
export type CallMatch = { readonly [Field in CallField]?: readonly string[] };

export type CallFilter = {
  /** Milliseconds since the epoch: from the first on, up to and without the second. */
  readonly from: number;
  readonly to: number;
  readonly where?: CallMatch | undefined;
  /** At least one of these has to fit as well: how far whoever asks may see. */
  readonly within?: readonly CallMatch[] | undefined;
};

export type SpendPart = 'day' | Exclude<CallField, 'id'>;

/** `by` nothing is one row, of everything. A call with several tags counts for each of them. */
export type SpendQuery = CallFilter & { readonly by: readonly SpendPart[] };

/** What some calls came to, and which they were. A day is `2026-01-31`, in UTC. */
export type SpendRow = { readonly [Part in SpendPart]?: string } & {
  readonly calls: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly costNanoUsd: number;
};

export type CallPageQuery = CallFilter & { readonly offset: number; readonly limit: number };
