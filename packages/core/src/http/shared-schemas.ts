import type { JsonObject } from '../types/json.ts';

/** Shorter ones are clearer where they stand. */
const SHORTEST = 90;

export type SharedSchemas = { readonly schemas: JsonObject; share(schema: JsonObject, name: string): JsonObject };

/** Finds what stands in several of these schemas, so that it can stand in one place and be referred to from the others. */
export function sharedSchemas(all: readonly JsonObject[]): SharedSchemas {
  const counts = new Map<string, number>();
  const count = (schema: JsonObject): void => {
    const text = JSON.stringify(schema);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    // Of what stands there twice, the parts need no places of their own.
    if (before === 0 || text.length < SHORTEST) mapParts(schema, (part) => (count(part), part));
  };
  all.forEach(count);

  const schemas: Record<string, JsonObject> = {};
  const names = new Map<string, string>();

  function share(schema: JsonObject, name: string): JsonObject {
    const text = JSON.stringify(schema);
    const known = names.get(text);
    if (known !== undefined) return { $ref: `#/components/schemas/${known}` };
    const isShared = (counts.get(text) ?? 0) > 1 && text.length >= SHORTEST;
    const free = isShared ? freeName(name, schemas) : name;
    if (isShared) {
      names.set(text, free);
      schemas[free] = {};
    }
    const inner = mapParts(schema, (part, key) => share(part, nameOf(part, key, name)));
    if (!isShared) return inner;
    schemas[free] = inner;
    return { $ref: `#/components/schemas/${free}` };
  }

  return { schemas, share };
}

function mapParts(schema: JsonObject, map: (part: JsonObject, key: string) => JsonObject): JsonObject {
  const { properties, items, anyOf, additionalProperties } = schema;
  return {
    ...schema,
    ...(isObject(properties) && { properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, map(part as JsonObject, name)])) }),
    ...(isObject(items) && { items: map(items, '') }),
    ...(isObject(additionalProperties) && { additionalProperties: map(additionalProperties, '') }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((part: JsonObject) => map(part, '')) }),
  };
}

/** A field by its own name, whoever has it; a part without one by what it is of. */
function nameOf({ type }: JsonObject, key: string, whole: string): string {
  return key === '' ? `${whole}${type === 'object' ? 'Entry' : 'Value'}` : toWord(key);
}

function freeName(name: string, taken: JsonObject): string {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}${number}`;
    if (!Object.hasOwn(taken, free)) return free;
  }
}

function toWord(key: string): string {
  return key
    .split(/\W|_/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
