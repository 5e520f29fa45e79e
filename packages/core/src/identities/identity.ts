import type { Store } from '../store/store.ts';
import type { Operation } from '../types/call.ts';
import type { Identified, Person } from '../types/identity.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A credential that is no key of the gateway's, and the call it came with. */
export type Presented = {
  /** A secret: never to be written into a log or an error. */
  readonly credential: string;
  /** By lower-case names. */
  readonly headers: Headers;
  readonly clientAddress: string | undefined;
  readonly operation: Operation;
  /** The gateway's, for what all of its instances have to know. */
  readonly store: Store;
  /** Aborts when the caller leaves, and when it took too long. */
  readonly signal: AbortSignal;
};

/** Knows callers by credentials that others have issued: tokens of a provider of identities, keys of another system, sessions of people. */
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
  /** Where browsers keep its credentials. Looked at in calls that bring no other. */
  readonly cookie?: SessionCookie;
  /** Pages of its own under the gateway's mount, such as a login. */
  readonly routes?: readonly IdentityRoute[];
};

/**
 * Browsers send cookies unasked, for pages of others too. So what changes anything is taken with one only from pages of
 * `origin`, and what is shown is shown to no script of another one.
 */
export type SessionCookie = {
  readonly name: string;
  /** Where browsers find the gateway, such as `https://ai.example.com`. */
  readonly origin: string;
};

/** Answers anybody, who need not be known yet. By POST, where the identity has a cookie, only for pages of its origin. */
export type IdentityRoute = {
  readonly method: 'GET' | 'POST';
  /** Below the mount, such as `/sso/login`. */
  readonly path: string;
  answer(visit: Visit): MaybePromise<IdentityAnswer>;
};

export type Visit = {
  readonly query: URLSearchParams;
  /** By lower-case names. */
  readonly headers: Headers;
  readonly clientAddress: string | undefined;
  readonly store: Store;
  /** Aborts when the visitor leaves. */
  readonly signal: AbortSignal;
  /**
   * Finds the person in the directory, or makes them where they may be made, and answers for whom their sessions stand.
   * @throws GatewayError for who is blocked, or has to be there and is not.
   */
  signIn(person: Person): Promise<Identified>;
};

/** It is kept by no cache. */
export type IdentityAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

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
