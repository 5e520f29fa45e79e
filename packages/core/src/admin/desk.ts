import type { DirectoryObject } from '../directory/directory.ts';
import type { IssuedKey } from '../directory/issue-key.ts';
import type { SecretSeal } from '../directory/secret-seal.ts';
import type { JsonObject } from '../types/json.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { BytesReply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { InputOf, OutputOf } from './admin-route.ts';
import type { AdminCall } from './admin-call.ts';

/** What the gateway lends to those who do the work of management. */
export type Desk = {
  readonly issue: (key?: string) => IssuedKey;
  /** The id of the key that a credential is, whoever declared it. */
  readonly keyIdOf: (credential: string) => string | undefined;
  /** Dollars that an object has cost since its budget began; nothing where no ledger tells. */
  readonly spentUsd: (object: DirectoryObject) => Promise<number | undefined>;
  /** The models there are, and how one that is written is read. @throws ConfigurationError naming every mistake. */
  readonly models: { readonly groups: readonly ModelGroup[]; read(entry: JsonObject): unknown };
  /** Keeps credentials from those who read the directory. */
  readonly seal: Pick<SecretSeal, 'seal' | 'sealAll'>;
  /** Names of the guardrails there are. */
  readonly guardrails: readonly string[];
  readonly routes: RouteBook;
};

/** What may stand in `allowed_routes`. */
export type RouteBook = {
  /** The operations an entry admits; none where it means no route of ours. */
  operationsOf(entry: string): readonly string[];
  /** Everything that may stand there, for suggestions. */
  readonly names: readonly string[];
};

/** The work behind each route of a part of the contract. What is answered as text may be long, and comes in pieces. */
export type Work<Routes> = {
  readonly [Name in keyof Routes]: (
    call: AdminCall<InputOf<Routes[Name]>>,
    desk: Desk,
  ) => MaybePromise<OutputOf<Routes[Name]> extends string ? BytesReply : OutputOf<Routes[Name]>>;
};
