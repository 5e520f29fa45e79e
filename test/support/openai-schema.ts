import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { sharedPath } from './shared.ts';

/** How an answer departs from OpenAI's published document: `schema | place | what is wrong`, list positions as N. */
export type Deviation = string;

export type OpenAISchema = { deviationsOf(schema: string, value: unknown): readonly Deviation[] };

type Node = { readonly [key: string]: unknown };

/** OpenAI's OpenAPI document, ready to judge answers by; nothing when it is not beside the checkout. */
export function openaiSchema(): OpenAISchema | undefined {
  const path = sharedPath('api-specs', 'openai-openapi.yaml');
  if (path === undefined) return undefined;
  const { components } = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as { components: Node };
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'openai', components: plain(components) } as Node, 'openai');

  return {
    deviationsOf(schema, value) {
      const name = schema.startsWith('event ') ? eventSchema(components, schema.slice('event '.length)) : schema;
      if (name === undefined) return [`${schema} | | is in no schema`];
      const validate = ajv.getSchema(`openai#/components/schemas/${name}`);
      if (!validate) throw new Error(`The document has no schema ${name}`);
      if (validate(value)) return [];
      return (validate.errors ?? []).map(({ instancePath, message }) => `${schema} | ${instancePath.replace(/\/\d+(?=\/|$)/g, '/N')} | ${message}`);
    },
  };
}

/** Where even OpenAI's own answers depart from the document. */
export function knownDeviations(): ReadonlySet<Deviation> {
  const path = sharedPath('api-specs', 'openai-schema-known-deviations.json');
  if (path === undefined) return new Set();
  const { deviations } = JSON.parse(readFileSync(path, 'utf8')) as { deviations: readonly { where: string }[] };
  return new Set(deviations.map(({ where }) => where));
}

/** The schema of one kind of event: picked by its type, since the union of them all fails for too many reasons at once. */
function eventSchema(components: Node, type: string): string | undefined {
  const schemas = components.schemas as Readonly<Record<string, { properties?: { type?: { enum?: readonly string[] } } }>>;
  return Object.keys(schemas).find((name) => name.startsWith('Response') && name.endsWith('Event') && schemas[name]?.properties?.type?.enum?.includes(type));
}

/** `nullable` in the words of JSON Schema; discriminators are only hints. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const { nullable, discriminator, ...rest } = value as Node;
  void discriminator;
  const node = Object.fromEntries(Object.entries(rest).map(([key, field]) => [key, plain(field)]));
  return nullable === true ? { anyOf: [node, { type: 'null' }] } : node;
}
