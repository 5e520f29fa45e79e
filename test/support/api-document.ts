import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { sharedPath } from './shared.ts';

export type ApiDocument = { readonly paths: Readonly<Record<string, object>>; readonly [part: string]: unknown };

/**
 * A provider's OpenAPI document, each operation under the path that it is asked at; nothing when it is not beside the
 * checkout. Some have variants of a path apart by a fragment or a query, as in `/v1/files?beta=true`. Discriminators are
 * left out: they are hints, and name fields that may be missing.
 */
export function apiDocument(name: string): ApiDocument | undefined {
  const path = sharedPath('api-specs', name);
  if (path === undefined) return undefined;
  const document = JSON.parse(JSON.stringify(parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }), withoutDiscriminator)) as ApiDocument;
  const paths: Record<string, object> = {};
  for (const [key, item] of Object.entries(document.paths)) {
    const [plain = key] = key.split(/[?#]/);
    paths[plain] = { ...item, ...(document.paths[plain] ?? paths[plain]) };
  }
  return { ...document, paths };
}

function withoutDiscriminator(key: string, value: unknown): unknown {
  return key === 'discriminator' && typeof value === 'object' ? undefined : value;
}
