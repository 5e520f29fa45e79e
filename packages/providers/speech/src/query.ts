import type { JsonObject } from '@sluice/core';

/** Fields as the query of an address; a list gives its name once for each of its items. */
export function toQuery(fields: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const item of [value].flat()) if (item !== undefined && item !== null) query.append(name, String(item));
  return query.size === 0 ? '' : `?${query}`;
}
