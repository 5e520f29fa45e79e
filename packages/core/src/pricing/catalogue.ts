import { createRequire } from 'node:module';
import type { Price } from '../types/model.ts';

/** One model of a provider: the names it goes by, in which `*` stands for any text, and what is known of it. */
export type CatalogueEntry = { readonly names: readonly string[]; readonly context?: number; readonly price: Price };

export type Catalogue = { readonly source: string; readonly providers: Readonly<Record<string, readonly CatalogueEntry[]>> };

let loaded: Catalogue | undefined;

/** The prices this release was made with, written by tools/update-prices.mjs. Read from disk when first asked for. */
export function catalogue(): Catalogue {
  // Not an import: it would read 200 kB at every start, and Node 20 warns of JSON modules.
  loaded ??= createRequire(import.meta.url)('./catalogue.json') as Catalogue;
  return loaded;
}
