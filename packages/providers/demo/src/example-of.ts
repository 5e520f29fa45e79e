import type { JsonObject } from '@sluice/core';

const DEEPEST = 20;

/** The plainest value that a JSON schema allows; enough of the language for the forms that tools and answers have. */
export function exampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (schema === null || typeof schema !== 'object' || depth > DEEPEST) return null;
  const { const: constant, enum: choices, default: preset, anyOf, oneOf, $ref, type, properties, required, items, minItems, minimum } = schema as JsonObject;
  if (constant !== undefined) return constant;
  if (Array.isArray(choices)) return choices[0];
  if (preset !== undefined) return preset;
  const [first] = (anyOf ?? oneOf ?? []) as readonly unknown[];
  if (first !== undefined) return exampleOf(first, root, depth + 1);
  if (typeof $ref === 'string') return exampleOf(resolve($ref, root), root, depth + 1);
  switch (Array.isArray(type) ? type[0] : (type ?? (properties ? 'object' : undefined))) {
    case 'object':
      return exampleObject((properties ?? {}) as JsonObject, required, (field) => exampleOf(field, root, depth + 1));
    case 'array':
      return Array.from({ length: typeof minItems === 'number' ? Math.min(minItems, DEEPEST) : 1 }, () => exampleOf(items, root, depth + 1));
    case 'string':
      return 'demo';
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 1;
    case 'boolean':
      return true;
    default:
      return null;
  }
}

/** Only what is required, where that is said. */
function exampleObject(properties: JsonObject, required: unknown, example: (schema: unknown) => unknown): JsonObject {
  const fields = Array.isArray(required) ? (required as readonly string[]) : Object.keys(properties);
  return Object.fromEntries(fields.map((field) => [field, example(properties[field])]));
}

/** `#/$defs/Name` */
function resolve(reference: string, root: unknown): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as JsonObject | null | undefined)?.[part], root);
}
