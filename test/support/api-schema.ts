import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { sharedPath } from './shared.ts';

type Node = { readonly [key: string]: unknown };

/** Judges by one schema of a provider's OpenAPI document; nothing when that is not beside the checkout. Where its alternatives overlap, one of several may do for `oneOf`. */
export function apiSchema(document: string, schema: string, { overlaps = false } = {}): ValidateFunction | undefined {
  const path = sharedPath('api-specs', document);
  if (path === undefined) return undefined;
  const { components } = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as { components: Node };
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const described = JSON.stringify(plain(components));
  ajv.addSchema({ $id: 'api', components: JSON.parse(overlaps ? described.replaceAll('"oneOf"', '"anyOf"') : described) } as Node, 'api');
  const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
  if (!validate) throw new Error(`The document has no schema ${schema}`);
  return validate;
}

/** `nullable` in the words of JSON Schema; discriminators are only hints. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const { nullable, discriminator, ...rest } = value as Node;
  void discriminator;
  const node = Object.fromEntries(Object.entries(rest).map(([key, field]) => [key, plain(field)]));
  return nullable === true ? { anyOf: [node, { type: 'null' }] } : node;
}
