import type { Operation, Principal } from './call.ts';
import type { JsonObject, MaybePromise } from './json.ts';

/** A credential that is no key of the gateway's, and the call it came with. */
export type Presented = {
  /** A secret: never to be written into a log or an error. */
  readonly credential: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly clientAddress: string | undefined;
  readonly operation: Operation;
  /** Aborts when the caller leaves, and when it took too long. */
  readonly signal: AbortSignal;
};

/** Whom a credential stands for. What a directory knows of its user, team, organization and project applies as well. */
export type Identified = Principal & {
  /** Teams of which the call is one's: the first that is there, is not blocked and may use the model. */
  readonly teamIds?: readonly string[];
  /** What becomes of a user or a team that the directory does not have. Default: the call is made without one. */
  readonly absent?: { readonly user?: Absent; readonly team?: Absent; readonly organization?: 'refuse' };
};

/** The call is refused, or the object is made with this body, and the trail says so. */
export type Absent = 'refuse' | { readonly make: JsonObject };

/** Knows callers by credentials that others have issued: tokens of a provider of identities, keys of another system. */
export type Identity = {
  readonly name: string;
  /** Whether a credential may be one of its own, without waiting for anything. Default: any may. */
  recognizes?(credential: string): boolean;
  /**
   * Whom the credential stands for; nothing where it is not known here. A `GatewayError` is the refusal the caller gets;
   * whatever else it throws lets nobody in either.
   */
  identify(presented: Presented): MaybePromise<Identified | undefined>;
  /** Longest wait for it, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
};

/** One that needs no name may be the function alone. */
export type IdentityInput = Identity | Identity['identify'];

/** What a package exports as `identity`, so that a configuration file can name it. */
export type IdentityPackage = {
  /**
   * Makes the identity from options as they stand in the file.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject): Identity;
};
