import type { JsonObject } from '../types/json.ts';

/** The first thing about a value that does not fit. */
export type Misfit = {
  /** Where it stands; written from the inside out. */
  readonly path: (string | number)[];
  /** What belongs there, in words. */
  readonly wanted: string;
  readonly found: unknown;
  /** The words that would have been right, where they are few. */
  readonly words?: readonly string[];
};

/**
 * What a part of a request has to look like. Stops at the first misfit, so that a request made of nothing else
 * costs no more than a good one.
 */
export type Shape = {
  readonly wanted: string;
  /** The same as JSON Schema. */
  readonly schema: JsonObject;
  /** Whether it may be left out, or be null. */
  readonly isOptional?: boolean;
  misfit(value: unknown): Misfit | undefined;
};

export type TextRules = { readonly min?: number; readonly max?: number; readonly isPlain?: boolean };

const CONTROL_CHARACTER = /\p{Cc}/u;

export function text({ min = 0, max = Number.POSITIVE_INFINITY, isPlain = false }: TextRules = {}): Shape {
  const schema = {
    type: 'string',
    ...(min > 0 && { minLength: min }),
    ...(Number.isFinite(max) && { maxLength: max }),
    ...(isPlain && { pattern: '^[^\\p{Cc}]*$' }),
  };
  return shape('a text', schema, (value) => {
    if (typeof value !== 'string') return misfit('a text', value);
    if (value.length < min) return misfit('a text that is not empty', value);
    if (value.length > max) return misfit(`at most ${max} characters long`, value);
    return isPlain && CONTROL_CHARACTER.test(value) ? misfit('a text without line breaks and other control characters', value) : undefined;
  });
}

export function oneOf(...words: readonly string[]): Shape {
  const wanted = `one of ${words.map((word) => `'${word}'`).join(', ')}`;
  return shape(wanted, { enum: words }, (value) => (words.includes(value as string) ? undefined : { path: [], wanted, found: value, words }));
}

export function number(): Shape {
  return shape('a number', { type: 'number' }, (value) => (Number.isFinite(value) ? undefined : misfit('a number', value)));
}

export function whole(min?: number): Shape {
  return shape('a whole number', { type: 'integer', ...(min !== undefined && { minimum: min }) }, (value) => {
    if (!Number.isSafeInteger(value)) return misfit(typeof value === 'number' ? 'a whole number' : 'a number', value);
    return min !== undefined && (value as number) < min ? misfit(`at least ${min}`, value) : undefined;
  });
}

export function flag(): Shape {
  return shape('true or false', { type: 'boolean' }, (value) => (typeof value === 'boolean' ? undefined : misfit('true or false', value)));
}

/** For what Sluice cannot do: only `false` fits. */
export function off(why: string): Shape {
  const wanted = `false (${why})`;
  return shape(wanted, { const: false }, (value) => (value === false ? undefined : misfit(wanted, value)));
}

export function list(item: Shape, min = 0): Shape {
  return shape('a list', { type: 'array', items: item.schema, ...(min > 0 && { minItems: min }) }, (value) => {
    if (!Array.isArray(value)) return misfit('a list', value);
    if (value.length < min) return misfit('a list that is not empty', value);
    for (let index = 0; index < value.length; index += 1) {
      const found = item.misfit(value[index]);
      if (found) return under(index, found);
    }
    return undefined;
  });
}

/** An object with at least these fields. What others it has is not looked at. */
export function fields(shapes: Readonly<Record<string, Shape>> = {}): Shape & { readonly names: readonly string[] } {
  const entries = Object.entries(shapes);
  const byName = new Map(entries);
  const required = entries.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { schema: inner }]) => [name, inner])),
    ...(required.length > 0 && { required }),
  };
  const object = shape('an object', schema, (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return misfit('an object', value);
    for (const name of required) if ((value as JsonObject)[name] === undefined) return under(name, misfit('there', undefined));
    // By the fields that are there: most of those that could be are not.
    for (const name in value) {
      const field = byName.get(name);
      if (field === undefined) continue;
      const item = (value as JsonObject)[name];
      if (field.isOptional && (item === undefined || item === null)) continue;
      const found = field.misfit(item);
      if (found) return under(name, found);
    }
    return undefined;
  });
  return { ...object, names: Object.keys(shapes) };
}

/** Any of several. When none fits, the one that came furthest says what is wrong. */
export function either(...shapes: readonly Shape[]): Shape {
  const wanted = [...new Set(shapes.map((one) => one.wanted))].join(' or ');
  return shape(wanted, { anyOf: shapes.map(({ schema }) => schema) }, (value) => {
    for (const one of shapes) if (!one.misfit(value)) return undefined;
    const misfits = shapes.flatMap((one) => one.misfit(value) ?? []);
    const furthest = misfits.reduce((best, found) => (distance(found) > distance(best) ? found : best));
    return furthest.path.length > 0 ? furthest : misfit([...new Set(misfits.map((found) => found.wanted))].join(' or '), value);
  });
}

export function optional(inner: Shape): Shape {
  return { ...inner, isOptional: true, schema: { anyOf: [inner.schema, { type: 'null' }] } };
}

export function described(inner: Shape, description: string): Shape {
  return { ...inner, schema: { ...inner.schema, description } };
}

function shape(wanted: string, schema: JsonObject, find: Shape['misfit']): Shape {
  return { wanted, schema, misfit: find };
}

function misfit(wanted: string, found: unknown): Misfit {
  return { path: [], wanted, found };
}

function under(key: string | number, found: Misfit): Misfit {
  found.path.unshift(key);
  return found;
}

/** Deeper is further; of two at the same depth, the one later in a list. */
function distance({ path }: Misfit): number {
  const [first] = path;
  return path.length + (typeof first === 'number' ? first / (first + 1) : 0);
}
