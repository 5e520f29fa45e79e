import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { sharedPath } from '../shared.ts';
import type { Words } from './words.ts';

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly pattern?: string;
  readonly discriminator?: { readonly mapping?: Readonly<Record<string, string>> };
};

export type Schemas = Readonly<Record<string, Schema>>;

/** The schemas of an OpenAPI document; nothing when it is not beside the checkout. */
export function openapiSchemas(document: string): Schemas | undefined {
  const path = sharedPath('api-specs', document);
  if (path === undefined) return undefined;
  return (parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as { readonly components: { readonly schemas: Schemas } }).components.schemas;
}

export function schemaNamed(schemas: Schemas, name: string): Schema {
  const found = schemas[name];
  if (!found) throw new Error(`The document has no schema ${name}`);
  return found;
}

/** What a union is made of, by the word that tells them apart. */
export function variantsOf(schemas: Schemas, name: string): readonly (readonly [string, Schema])[] {
  return Object.entries(schemaNamed(schemas, name).discriminator?.mapping ?? {}).map(([word, ref]) => [word, { $ref: ref }]);
}

const DEEPEST = 8;

/** An example of `schema` that has every field it may have. */
export function openapiExample(schemas: Schemas, schema: Schema, supply: Words, depth = 0): unknown {
  const { $ref: ref, anyOf, oneOf, allOf } = schema;
  if (ref !== undefined) return openapiExample(schemas, schemaNamed(schemas, ref.split('/').at(-1) ?? ''), supply, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.find((value) => value !== null);
  const choice = (anyOf ?? oneOf)?.find(({ type }) => type !== 'null');
  if (choice) return openapiExample(schemas, choice, supply, depth + 1);
  if (allOf) return Object.assign({}, ...allOf.map((part) => openapiExample(schemas, part, supply, depth + 1))) as unknown;
  switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
    case 'string':
      return supply.next();
    case 'integer':
    case 'number':
      return 3;
    case 'boolean':
      return true;
    case 'array':
      return depth > DEEPEST || !schema.items ? [] : [openapiExample(schemas, schema.items, supply, depth + 1)];
    default:
      return depth > DEEPEST ? {} : objectOf(schemas, schema, supply, depth);
  }
}

function objectOf(schemas: Schemas, { properties, additionalProperties }: Schema, supply: Words, depth: number): object {
  if (!properties) return additionalProperties ? { [supply.next()]: supply.next() } : {};
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, openapiExample(schemas, field, supply, depth + 1)]));
}
