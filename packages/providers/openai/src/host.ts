import type { Operation, Secret } from '@sluice/core';
import type { QuirkName } from './quirks/quirks.ts';

/** How one host speaks OpenAI's API: all that distinguishes it from the others. */
export type Host = {
  readonly name: string;
  /** Up to and including the version, such as `https://api.openai.com/v1`. `{name}` stands for a deployment option. */
  readonly baseUrl?: string | undefined;
  /** For messages, where every customer has an address of their own. */
  readonly baseUrlExample?: string | undefined;
  /** Whether a call without a key is bound to fail. */
  readonly needsKey: boolean;
  /** For deployments that bring no key. */
  readonly apiKey?: Secret | undefined;
  /** Environment variable that usually holds the key, for messages. */
  readonly keyVariable?: string | undefined;
  /** Header that takes the bare key, for hosts that do not read `Authorization: Bearer`. */
  readonly keyHeader?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Added to every URL, such as `api-version=2024-05-01-preview`. */
  readonly query?: string | undefined;
  readonly operations: readonly ModelOperation[];
  readonly quirks: readonly QuirkName[];
};

/** The operations that this package can map. */
export type ModelOperation = Exclude<Operation, 'models.list' | 'models.get' | 'health'>;
