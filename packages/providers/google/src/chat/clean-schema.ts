import { GatewayError, type JsonObject } from '@sluice/core';

/** Fields of Google's Schema whose values are not schemas. https://ai.google.dev/api/caching#Schema */
const PLAIN_FIELDS = [
  ...['title', 'description', 'nullable', 'default', 'example', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties', 'propertyOrdering'],
];
/** The only formats that are not refused. */
const FORMATS: Readonly<Record<string, readonly string[]>> = { string: ['date-time', 'enum'], number: ['float', 'double'], integer: ['int32', 'int64'] };
/** References may multiply: a small schema must not become a huge one, or one without a ground. */
const MOST_NODES = 5000;
const DEEPEST = 200;

type Schema = JsonObject;
type Walk = { readonly definitions: JsonObject; readonly param: string; nodes: number; depth: number };

/**
 * A JSON Schema as the part of it that Google takes: references are put in place, `null` among the types becomes
 * `nullable`, and what Google would refuse is left out. What is left out narrows, so that the result allows no less.
 * @throws GatewayError `invalid_request` for a schema that grows without bound or refers to what is not in it.
 */
export function cleanSchema(schema: Schema, param: string): Schema {
  return clean(schema, { definitions: schema, param, nodes: 0, depth: 0 }, []);
}

function clean(given: unknown, walk: Walk, open: readonly string[]): Schema {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return {};
  return within(walk, () => cleanObject(given as Schema, walk, open));
}

function cleanObject(schema: Schema, walk: Walk, open: readonly string[]): Schema {
  if (typeof schema.$ref === 'string') return cleanReference(schema, schema.$ref, walk, open);
  if (Array.isArray(schema.allOf)) return clean(mergeAll(schema, schema.allOf as readonly Schema[], walk), walk, open);
  const alternatives = alternativesOf(schema);
  if (alternatives) return cleanAlternatives(schema, alternatives, walk, open);
  return cleanPlain(schema, walk, open);
}

/** A schema that holds itself ends after one round, as any object. */
function cleanReference({ $ref: _, ...beside }: Schema, reference: string, walk: Walk, open: readonly string[]): Schema {
  const target = resolve(reference, walk);
  if (!open.includes(reference)) return clean({ ...target, ...beside }, walk, [...open, reference]);
  const { description = target.description } = beside;
  return { type: 'object', ...(description !== undefined && { description }) };
}

function resolve(reference: string, { definitions, param }: Walk): Schema {
  const steps = reference.split('/').map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  const [root, ...path] = steps;
  const found =
    root === '#' ? path.reduce<unknown>((place, step) => (isSchema(place) && Object.hasOwn(place, step) ? place[step] : undefined), definitions) : undefined;
  if (isSchema(found)) return found;
  throw new GatewayError('invalid_request', `${param} refers to '${reference}', which is not in it.`, { param });
}

function mergeAll({ allOf: _, ...own }: Schema, parts: readonly Schema[], walk: Walk): Schema {
  const resolved = parts
    .map((part) => (typeof part?.$ref === 'string' ? { ...resolve(part.$ref, walk), ...part, $ref: undefined } : part))
    .map((part) => flatten(part, walk));
  const all: readonly Schema[] = [...resolved, own];
  const properties = Object.assign({}, ...all.map((part) => part.properties)) as Schema;
  const required = all.flatMap((part) => (Array.isArray(part.required) ? (part.required as readonly unknown[]) : []));
  return {
    ...(Object.assign({}, ...all) as Schema),
    allOf: undefined,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function flatten(part: Schema, walk: Walk): Schema {
  return within(walk, () => (Array.isArray(part?.allOf) ? mergeAll(part, part.allOf as readonly Schema[], walk) : part));
}

function within(walk: Walk, work: () => Schema): Schema {
  walk.nodes += 1;
  walk.depth += 1;
  if (walk.nodes > MOST_NODES || walk.depth > DEEPEST)
    throw new GatewayError('invalid_request', `${walk.param} is too large once its references are put in place.`, { param: walk.param });
  const made = work();
  walk.depth -= 1;
  return made;
}

/** Several types are as many schemas. */
function alternativesOf({ anyOf, oneOf, type, ...rest }: Schema): readonly Schema[] | undefined {
  const given = anyOf ?? oneOf;
  if (Array.isArray(given)) return given as readonly Schema[];
  return Array.isArray(type) ? (type as readonly string[]).map((each) => (each === 'null' ? { type: 'null' } : { ...rest, type: each })) : undefined;
}

function cleanAlternatives({ anyOf: _any, oneOf: _one, ...own }: Schema, alternatives: readonly Schema[], walk: Walk, open: readonly string[]): Schema {
  const some = alternatives.filter((each) => each?.type !== 'null' && !isOnlyNull(each));
  const nullable = some.length < alternatives.length ? { nullable: true } : {};
  const { title, description, default: preset } = own;
  const beside = Object.fromEntries(Object.entries({ title, description, default: preset }).filter(([, value]) => value !== undefined));
  const [only] = some;
  if (only && some.length === 1) return { ...clean(only, walk, open), ...beside, ...nullable };
  if (some.length === 0) return { ...beside, ...nullable };
  return { ...beside, anyOf: some.map((each) => clean(each, walk, open)), ...nullable };
}

function isOnlyNull(schema: Schema): boolean {
  return schema?.const === null || (Array.isArray(schema?.enum) && schema.enum.length === 1 && schema.enum[0] === null);
}

function cleanPlain(schema: Schema, walk: Walk, open: readonly string[]): Schema {
  const type = typeOf(schema);
  const cleaned: Record<string, unknown> = type === undefined ? {} : { type };
  for (const field of PLAIN_FIELDS) if (schema[field] !== undefined) cleaned[field] = schema[field];
  if (type !== undefined && FORMATS[type]?.includes(String(schema.format))) cleaned.format = schema.format;
  Object.assign(cleaned, toEnum(schema, type));
  if (type === 'object') Object.assign(cleaned, cleanProperties(schema, walk, open));
  if (type === 'array') cleaned.items = itemsOf(schema, walk, open);
  return cleaned;
}

function typeOf({ type, properties, items, prefixItems, enum: values, const: constant }: Schema): string | undefined {
  if (typeof type === 'string') return type.toLowerCase();
  if (properties !== undefined) return 'object';
  if (items !== undefined || prefixItems !== undefined) return 'array';
  const examples = Array.isArray(values) ? (values as readonly unknown[]) : [constant];
  return examples.every((value) => typeof value === 'string') ? 'string' : undefined;
}

/** Only texts can be listed; other values are told in the description. */
function toEnum({ enum: listed, const: constant, description }: Schema, type: string | undefined): Schema {
  const values = Array.isArray(listed) ? (listed as readonly unknown[]) : constant === undefined ? [] : [constant];
  if (values.length === 0) return {};
  const some = values.filter((value) => value !== null);
  const nullable = some.length < values.length ? { nullable: true } : {};
  if (type === 'string') return { enum: some.map(String), ...nullable };
  const told = `One of: ${some.map((value) => JSON.stringify(value)).join(', ')}.`;
  return { description: typeof description === 'string' ? `${description} ${told}` : told, ...nullable };
}

/** Google refuses to require what is not there. */
function cleanProperties({ properties, required }: Schema, walk: Walk, open: readonly string[]): Schema {
  if (!isSchema(properties) || Object.keys(properties).length === 0) return {};
  const names = Object.keys(properties);
  const cleaned = Object.fromEntries(names.map((name) => [name, clean(properties[name], walk, open)]));
  const needed = Array.isArray(required) ? [...new Set(required as readonly string[])].filter((name) => Object.hasOwn(properties, name)) : [];
  return { properties: cleaned, ...(needed.length > 0 && { required: needed }) };
}

/** A list has to say of what. */
function itemsOf({ items, prefixItems }: Schema, walk: Walk, open: readonly string[]): Schema {
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : undefined;
  const cleaned = tuple ? cleanAlternatives({}, tuple as readonly Schema[], walk, open) : clean(items, walk, open);
  return Object.keys(cleaned).length > 0 ? cleaned : { type: 'string' };
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
