import type { ClaimRules } from '@sluice/core';
import type { JWK } from 'jose';

/** Signatures by key pairs only: with a shared secret whoever can check a token could make one. */
export const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const;

export type JwtAlgorithm = (typeof ALGORITHMS)[number];

export type JwtOptions = ClaimRules & {
  /** Names its callers in records. Default `jwt`. Two identities in one gateway want two names. */
  readonly name?: string;
  /** Where the provider publishes its keys, as a JSON Web Key Set. By `https:`, or on this machine. */
  readonly jwksUrl?: string;
  /** Lets `jwksUrl` be `http:` elsewhere: whoever stands in between can then make tokens. */
  readonly allowHttp?: boolean;
  /** The keys themselves, in place of an address. */
  readonly keys?: readonly JWK[];
  /** Who has to have issued a token. `*` takes anybody whose key is known. */
  readonly issuer: string | readonly string[];
  /** For whom a token has to be meant. `*` takes what is meant for anybody, such as another application of the same provider. */
  readonly audience: string | readonly string[];
  /** Default: all of {@link ALGORITHMS}. */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** By how much clocks may differ, in milliseconds. Default 30 seconds. */
  readonly clockToleranceMs?: number;
  /** For how long fetched keys are taken for new. Default 10 minutes. */
  readonly keysTtlMs?: number;
  /** For how long known keys go on while their address does not answer. Default a day. */
  readonly keysOutageMs?: number;
  /** Shortest pause between two fetches, whoever names a key that is not known. Default 30 seconds. */
  readonly cooldownMs?: number;
  /** Longest wait for the keys. Default 3 seconds. */
  readonly timeoutMs?: number;
};
