import type { JsonObject } from '@sluice/core';

/** Keywords that Anthropic's grammar does not keep. https://docs.claude.com/en/docs/build-with-claude/structured-outputs */
const UNKEPT: ReadonlySet<string> = new Set(
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern maxItems uniqueItems minProperties maxProperties'.split(' '),
);

/**
 * `schema` as Anthropic keeps to it: objects closed, and in the description whatever cannot be kept, so that the model
 * knows of it all the same. Nothing where that would say something else than the caller did: of an object with
 * properties of any name, or a schema that holds itself.
 */
export function fitSchema(schema: JsonObject): JsonObject | undefined {
  try {
    return fitNode(schema);
  } catch (error) {
    if (error === UNFIT) return undefined;
    throw error;
  }
}

const UNFIT = Symbol('unfit');

function fitNode(schema: unknown): JsonObject {
  if (!isObject(schema)) throw UNFIT;
  const fitted: Record<string, unknown> = {};
  const told: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema') continue;
    if (UNKEPT.has(keyword) || (keyword === 'minItems' && Number(value) > 1)) told.push(`${keyword}: ${JSON.stringify(value)}`);
    // Of which it keeps only the looser one.
    else fitted[keyword === 'oneOf' ? 'anyOf' : keyword] = fitValue(keyword, value);
  }
  if (told.length > 0) fitted.description = [schema.description, `(${told.join(', ')})`].filter(Boolean).join(' ');
  if (isOfObjects(schema)) {
    // One that is open, or says nothing of its properties, is meant for any.
    if ((schema.additionalProperties ?? false) !== false || !isObject(schema.properties)) throw UNFIT;
    fitted.additionalProperties = false;
  }
  return fitted;
}

function fitValue(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
    case '$defs':
    case 'definitions':
      return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fitNode(inner)])) : value;
    case 'items':
      return fitNode(value);
    case 'anyOf':
    case 'allOf':
    case 'oneOf':
      return Array.isArray(value) ? value.map((inner) => fitNode(inner)) : value;
    case '$ref':
      if (value === '#') throw UNFIT;
      return value;
    default:
      return value;
  }
}

function isOfObjects({ type }: JsonObject): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object'));
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
