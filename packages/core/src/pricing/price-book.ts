import { matchesWildcard } from '../models/wildcard.ts';
import type { Price } from '../types/model.ts';
import { catalogue as builtIn, type Catalogue, type CatalogueEntry } from './catalogue.ts';

export type ModelFacts = { readonly price: Price; readonly maxInputTokens?: number };

/** What models cost, by provider and the provider's name for them. */
export type PriceBook = { find(provider: string, model: string): ModelFacts | undefined };

/** Other names of a seller, and clouds that sell other companies' models at those companies' prices. */
const RESELLERS: Readonly<Record<string, readonly string[]>> = {
  azure: ['azure', 'openai', 'anthropic', 'deepseek', 'xai', 'moonshot'],
  azure_ai: ['azure', 'openai', 'anthropic', 'deepseek', 'xai', 'moonshot'],
  codestral: ['mistral'],
  'text-completion-codestral': ['mistral'],
  google: ['gemini'],
  vertex_ai: ['gemini', 'anthropic'],
};

/** `-2024-08-06`, `-20240806`, `@20240806`, `-0613`, `-latest`, `-preview-05-20`; each leaves the model what it is. */
const EDITION = /(?:-preview)?(?:[-@]\d{4}-?\d{2}-?\d{2}|-\d{2}-\d{2}|-\d{4}|-latest|@latest)$/;

/** Bedrock and Vertex name a region or a scope first. */
const REGION = /^(?:us|eu|apac|ap|au|jp|ca|sa|me|af|us-gov|global)[./]/;

export function priceBook(catalogue: () => Catalogue = builtIn): PriceBook {
  const shelves = new Map<string, Shelf>();

  function shelfOf(seller: string): Shelf {
    let shelf = shelves.get(seller);
    if (!shelf) shelves.set(seller, (shelf = toShelf(catalogue().providers[seller] ?? [])));
    return shelf;
  }

  return {
    find(provider, model) {
      const names = namesOf(provider, model);
      for (const seller of RESELLERS[provider] ?? [provider]) {
        const entry = findOn(shelfOf(seller), names);
        if (entry) return { price: entry.price, ...(entry.context === undefined ? {} : { maxInputTokens: entry.context }) };
      }
      return undefined;
    },
  };
}

/** Under which names a model may stand, the likeliest first. */
function namesOf(provider: string, model: string): string[] {
  const lower = model.toLowerCase();
  const own = lower.startsWith(`${provider}/`) ? lower.slice(provider.length + 1) : lower;
  const local = own.replace(REGION, '');
  return [...new Set([lower, own, local, own.replace(EDITION, ''), local.replace(EDITION, '')])];
}

/** A provider's models by exact name, and the patterns, those that say most first. */
type Shelf = { readonly exact: ReadonlyMap<string, CatalogueEntry>; readonly patterns: readonly (readonly [string, CatalogueEntry])[] };

function toShelf(entries: readonly CatalogueEntry[]): Shelf {
  const named = entries.flatMap((entry) => entry.names.map((name) => [name.toLowerCase(), entry] as const));
  return {
    exact: new Map(named.filter(([name]) => !name.includes('*')).reverse()),
    patterns: named.filter(([name]) => name.includes('*')).sort(([a], [b]) => b.length - a.length),
  };
}

function findOn({ exact, patterns }: Shelf, names: readonly string[]): CatalogueEntry | undefined {
  for (const name of names) {
    const found = exact.get(name) ?? patterns.find(([pattern]) => matchesWildcard(pattern, name))?.[1];
    if (found) return found;
  }
  return undefined;
}
