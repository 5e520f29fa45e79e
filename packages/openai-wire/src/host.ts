import type { FileOperation, ModelOperation as AnyOperation, Secret } from '@sluice/core';
import type { QuirkName } from './quirks/quirks.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How one host speaks OpenAI's API: all that distinguishes it from the others. */
export type Host = {
  readonly name: string;
  /** Up to and including the version, such as `https://api.openai.com/v1`. `{part}` stands for a deployment option. */
  readonly baseUrl?: string | undefined;
  /** For messages, where every customer has an address of their own. */
  readonly baseUrlExample?: string | undefined;
  /** What follows an address that was given without a path. */
  readonly basePath?: string | undefined;
  /** An address as people write it, in the form that it is called by. Default: as it is. */
  readonly toAddress?: ((address: string) => string) | undefined;
  /** Whether a call without a key is bound to fail. */
  readonly needsKey: boolean;
  /** For deployments that bring no key. */
  readonly apiKey?: Secret | undefined;
  /** Header that takes the bare key, for hosts that do not read `Authorization: Bearer`. */
  readonly keyHeader?: string | undefined;
  /** What stands before the key in `Authorization`. Default: `Bearer`. */
  readonly keyScheme?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Added to every URL, such as `api-version=2024-05-01-preview`. */
  readonly query?: string | undefined;
  readonly operations: readonly ModelOperation[];
  /** What follows the base URL, where that is not OpenAI's path. */
  readonly paths?: Readonly<Partial<Record<ModelOperation | 'models', string>>> | undefined;
  readonly quirks: readonly QuirkName[];
  /** Parameters of a chat that the host is known to refuse, or to pass over. */
  readonly lacks?: readonly string[] | undefined;
  /** What stands in the environment for what neither the options nor the deployment say. Read at the first call. */
  readonly fromEnvironment?: HostVariables | undefined;
};

/** Names of environment variables. */
export type HostVariables = {
  readonly env: Environment;
  readonly keys: readonly string[];
  readonly baseUrls: readonly string[];
  /** By the part of the base URL that they fill. */
  readonly parts: Readonly<Record<string, string>>;
};

/** The operations that this package can map. Lists are the gateway's own. */
export type ModelOperation = AnyOperation | MappedFileOperation;

export type MappedFileOperation = Exclude<FileOperation, 'files.list' | 'batches.list'>;
