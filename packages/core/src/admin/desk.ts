import type { DirectoryObject } from '../directory/directory.ts';
import type { IssuedKey } from '../directory/issue-key.ts';
import type { SecretSeal } from '../directory/secret-seal.ts';
import type { JsonObject } from '../types/json.ts';
import type { ManagementRules } from '../types/management-rules.ts';
import type { ModelGroup } from '../types/model-group.ts';
import type { LedgerReports } from '../types/record.ts';
import type { BytesReply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { InputOf, OutputOf } from './admin-route.ts';
import type { AdminCall } from './admin-call.ts';

/** What the gateway lends to those who do the work of management. */
export type Desk = {
  readonly issue: (key?: string) => IssuedKey;
  /** The id of the key that a credential is, whoever declared it. */
  readonly keyIdOf: (credential: string) => string | undefined;
  /** What the new are given, and how much they may be. */
  readonly rules: ManagementRules;
  /** Whether the secret of a key stands in the configuration, and is changed there. */
  readonly isDeclaredKey: (id: string) => boolean;
  /** What an object has cost since its budget began, and until when that counts. */
  readonly spendOf: (object: DirectoryObject) => Promise<BudgetSpend>;
  /** The models there are, and how one that is written is read. @throws ConfigurationError naming every mistake. */
  readonly models: { readonly groups: readonly ModelGroup[]; resolve(name: string): ModelGroup | undefined; read(entry: JsonObject): unknown };
  /** Keeps credentials from those who read the directory. */
  readonly seal: SecretSeal;
  /** Names the salt key that is in force, as hashes of keys name theirs. */
  readonly saltName: string;
  /** What the ledger tells, where there is one that does. */
  readonly reports: LedgerReports | undefined;
  /** What may be spent at each provider, and was. */
  readonly providerBudgets: () => Promise<Readonly<Record<string, ProviderSpend>>>;
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

/** In dollars; without a ledger nothing is known, and of a budget without a window there is no end. */
export type BudgetSpend = { readonly spend?: number; readonly budget_reset_at?: string };

/** A provider's budget and its state, in LiteLLM's words; amounts in dollars. */
export type ProviderSpend = { readonly budget_limit?: number; readonly time_period?: string; readonly spend: number; readonly budget_reset_at?: string };

/** What may be asked for as CSV is answered in pieces then. */
type MayBeTable<Input> = Input extends { readonly format?: infer Format } ? ('json' extends Format ? BytesReply : never) : never;

/** The work behind each route of a part of the contract. What is answered as text may be long, and comes in pieces. */
export type Work<Routes> = {
  readonly [Name in keyof Routes]: (
    call: AdminCall<InputOf<Routes[Name]>>,
    desk: Desk,
  ) => MaybePromise<OutputOf<Routes[Name]> extends string ? BytesReply : OutputOf<Routes[Name]> | MayBeTable<InputOf<Routes[Name]>>>;
};
