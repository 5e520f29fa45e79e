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
  /** The fields there are, where it is the field itself that does not belong there. */
  readonly names?: readonly string[];
};

/**
 * What a part of a request has to look like. Stops at the first misfit, so that a request made of nothing else
 * costs no more than a good one.
 */
export type Shape<T = unknown> = {
  readonly wanted: string;
  /** The same as JSON Schema. */
  readonly schema: JsonObject;
  /** Whether it may be left out, or be null. */
  readonly isOptional?: boolean;
  misfit(value: unknown): Misfit | undefined;
  /** What it is made of, for who looks for every misfit and not for the first. */
  readonly parts?: Parts;
  /** Never there: the type of what fits. */
  readonly fits?: T;
};

export type Parts =
  | { readonly kind: 'fields'; readonly shapes: Readonly<Record<string, Shape>>; readonly isClosed: boolean }
  | { readonly kind: 'items'; readonly item: Shape };

/** What fits a shape. */
export type Fitting<S> = S extends Shape<infer T> ? T : never;

type Optional<T> = Shape<T | null> & { readonly isOptional: true };
type Shapes = Readonly<Record<string, Shape>>;
type OptionalNames<S extends Shapes> = { [Name in keyof S]: S[Name] extends { readonly isOptional: true } ? Name : never }[keyof S];

/** An object's type by those of its fields. */
export type FittingFields<S extends Shapes> = { readonly [Name in Exclude<keyof S, OptionalNames<S>>]: Fitting<S[Name]> } & {
  readonly [Name in OptionalNames<S>]?: Fitting<S[Name]>;
};

export type ObjectShape<T = unknown> = Shape<T> & { readonly names: readonly string[] };

export type TextRules = { readonly min?: number; readonly max?: number; readonly isPlain?: boolean };

const CONTROL_CHARACTER = /\p{Cc}/u;

export function text({ min = 0, max = Number.POSITIVE_INFINITY, isPlain = false }: TextRules = {}): Shape<string> {
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

export function oneOf<const Word extends string>(...words: readonly Word[]): Shape<Word> {
  const wanted = `one of ${words.map((word) => `'${word}'`).join(', ')}`;
  return shape(wanted, { enum: words }, (value) => (words.includes(value as Word) ? undefined : { path: [], wanted, found: value, words }));
}

export function number(min?: number): Shape<number> {
  return shape('a number', { type: 'number', ...(min !== undefined && { minimum: min }) }, (value) => {
    if (!Number.isFinite(value)) return misfit('a number', value);
    return min !== undefined && (value as number) < min ? misfit(`at least ${min}`, value) : undefined;
  });
}

export function whole(min?: number): Shape<number> {
  return shape('a whole number', { type: 'integer', ...(min !== undefined && { minimum: min }) }, (value) => {
    if (!Number.isSafeInteger(value)) return misfit(typeof value === 'number' ? 'a whole number' : 'a number', value);
    return min !== undefined && (value as number) < min ? misfit(`at least ${min}`, value) : undefined;
  });
}

export function flag(): Shape<boolean> {
  return shape('true or false', { type: 'boolean' }, (value) => (typeof value === 'boolean' ? undefined : misfit('true or false', value)));
}

/** For what Sluice cannot do: only `false` fits. */
export function off(why: string): Shape<false> {
  const wanted = `false (${why})`;
  return shape(wanted, { const: false }, (value) => (value === false ? undefined : misfit(wanted, value)));
}

export function list<T>(item: Shape<T>, min = 0): Shape<readonly T[]> {
  const schema = { type: 'array', items: item.schema, ...(min > 0 && { minItems: min }) };
  const items = shape<readonly T[]>('a list', schema, (value) => {
    if (!Array.isArray(value)) return misfit('a list', value);
    if (value.length < min) return misfit('a list that is not empty', value);
    for (let index = 0; index < value.length; index += 1) {
      const found = item.misfit(value[index]);
      if (found) return under(index, found);
    }
    return undefined;
  });
  return { ...items, parts: { kind: 'items', item } };
}

/** An object with at least these fields. What others it has is not looked at. */
export function fields(): ObjectShape<JsonObject>;
export function fields<S extends Shapes>(shapes: S): ObjectShape<FittingFields<S>>;
export function fields(shapes: Shapes = {}): ObjectShape {
  return objectShape(shapes, false);
}

/** An object with these fields and no others. */
export function only<S extends Shapes>(shapes: S): ObjectShape<FittingFields<S>> {
  return objectShape(shapes, true);
}

function objectShape(shapes: Shapes, isClosed: boolean): ObjectShape<never> {
  const entries = Object.entries(shapes);
  const byName = new Map(entries);
  const names = Object.keys(shapes);
  const required = entries.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, { schema: inner }]) => [name, inner])),
    ...(required.length > 0 && { required }),
    ...(isClosed && { additionalProperties: false }),
  };
  const object = shape<never>('an object', schema, (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return misfit('an object', value);
    if (isClosed) for (const name in value) if (!byName.has(name)) return { path: [name], wanted: 'absent', found: (value as JsonObject)[name], names };
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
  return { ...object, names, parts: { kind: 'fields', shapes, isClosed } };
}

/** An object whose fields may have any name, with values of one shape. */
export function record<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  const values = shape<Readonly<Record<string, T>>>('an object', { type: 'object', additionalProperties: item.schema }, (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return misfit('an object', value);
    for (const name in value) {
      const found = item.misfit((value as JsonObject)[name]);
      if (found) return under(name, found);
    }
    return undefined;
  });
  return { ...values, parts: { kind: 'items', item } };
}

/** Any of several. When none fits, the one that came furthest says what is wrong. */
export function either<S extends readonly Shape[]>(...shapes: S): Shape<Fitting<S[number]>> {
  const wanted = [...new Set(shapes.map((one) => one.wanted))].join(' or ');
  return shape(wanted, { anyOf: shapes.map(({ schema }) => schema) }, (value) => {
    for (const one of shapes) if (!one.misfit(value)) return undefined;
    const misfits = shapes.flatMap((one) => one.misfit(value) ?? []);
    const furthest = misfits.reduce((best, found) => (distance(found) > distance(best) ? found : best));
    return furthest.path.length > 0 ? furthest : misfit([...new Set(misfits.map((found) => found.wanted))].join(' or '), value);
  });
}

export function optional<T>(inner: Shape<T>): Optional<T> {
  return { ...inner, isOptional: true, schema: { anyOf: [inner.schema, { type: 'null' }] } };
}

export function described<S extends Shape>(inner: S, description: string): S {
  return { ...inner, schema: { ...inner.schema, description } };
}

/** A shape of which a further rule is kept: `find` says what belongs there where it is not. */
export function ruled<T>(inner: Shape<T>, find: (value: T) => string | undefined): Shape<T> {
  return {
    ...inner,
    misfit(value) {
      const found = inner.misfit(value);
      if (found) return found;
      const wanted = find(value as T);
      return wanted === undefined ? undefined : misfit(wanted, value);
    },
  };
}

function shape<T>(wanted: string, schema: JsonObject, find: Shape['misfit']): Shape<T> {
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
