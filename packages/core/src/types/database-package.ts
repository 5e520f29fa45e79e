import type { DirectoryStore, StoredObject } from './directory.ts';
import type { JsonObject } from './json.ts';
import type { Ledger } from './record.ts';

/** What a database package exports as `database`, so that a configuration file can name the package. */
export type DatabasePackage = {
  /**
   * Opens a database for the calls and for who there is, from options as they stand in the file.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject): { readonly ledger: Ledger; readonly directory: DirectoryStore };
  /** What its directory holds now. Makes and changes nothing: where there is no database yet, there is nothing in it. */
  look?(options: JsonObject): Promise<readonly StoredObject[]>;
};
