import type { JsonObject, StoredObject } from '@sluice/core';
import { type Said, shownAs } from './said.ts';
import { DECLARED_LISTS } from './to-declared.ts';

/** A line for each value that is in force in place of one of the file, and what of the file is no longer. */
export type WrittenOver = { readonly lines: readonly string[]; readonly gone: ReadonlySet<Said> };

/** Who wrote it, and when, is said with every value. */
const STAMPS = new Set(['created_at', 'created_by', 'updated_at', 'updated_by', 'hashes']);

/** What the API has written over what a file says, and beside it. */
export function writtenOver(said: readonly Said[], written: readonly StoredObject[]): WrittenOver {
  const places = placesOf(said);
  const gone = new Set<Said>();
  const beside = new Map<string, number>();

  const lines = written.flatMap(({ kind, id, body }) => {
    const place = places.get(`${kind} ${id}`);
    if (place === undefined) {
      if (body && !body.overlay) beside.set(kind, (beside.get(kind) ?? 0) + 1);
      return [];
    }
    const below = said.filter(({ path }) => path.startsWith(`${place}.`));
    if (!body) {
      for (const one of below) gone.add(one);
      return [`${place} = deleted  (API)`];
    }
    const fields = (body.overlay ?? body) as JsonObject;
    const by = `API, by ${String(fields.updated_by)} at ${String(fields.updated_at)}`;
    return Object.entries(fields).flatMap(([name, value]) => {
      if (STAMPS.has(name)) return [];
      const path = `${place}.${name}`;
      const former = below.filter((one) => one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`));
      for (const one of former) gone.add(one);
      const over = former.map(({ shown, origin }) => `over ${shown} in ${origin}`).join(', ');
      return [`${path} = ${value === null ? 'nothing' : shownAs(value, [name])}  (${[by, over].filter(Boolean).join(', ')})`];
    });
  });
  return { lines: [...lines, ...[...beside].map(([kind, count]) => `${count} × ${kind.replaceAll('_', ' ')} that no file declares  (API)`)], gone };
}

/** Where each object is declared, such as `teams[0]`. */
function placesOf(said: readonly Said[]): ReadonlyMap<string, string> {
  const lists: Readonly<Record<string, { readonly kind: string; readonly id: string }>> = DECLARED_LISTS;
  return new Map(
    said.flatMap(({ path, shown }): [string, string][] => {
      const [, place = '', list = '', field] = /^((\w+)\[\d+\])\.(\w+)$/.exec(path) ?? [];
      const declared = lists[list];
      return declared?.id === field && shown.startsWith('"') ? [[`${declared?.kind} ${String(JSON.parse(shown))}`, place]] : [];
    }),
  );
}
