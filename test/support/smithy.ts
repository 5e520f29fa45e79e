import { readFileSync } from 'node:fs';
import { sharedPath } from './shared.ts';

type Traits = {
  readonly 'smithy.api#required'?: object;
  readonly 'smithy.api#pattern'?: string;
  readonly 'smithy.api#length'?: { min?: number; max?: number };
};
type Member = { readonly target: string; readonly traits?: Traits & { readonly 'smithy.api#enumValue'?: string } };
type Shape = {
  readonly type: string;
  readonly members?: Readonly<Record<string, Member>>;
  readonly member?: Member;
  readonly value?: Member;
  readonly traits?: Traits;
};
type Shapes = Readonly<Record<string, Shape>>;

/** A Smithy model, ready to judge values by; nothing when it is not beside the checkout. */
export function smithyModel(file: string): { problemsOf(shape: string, value: unknown): string[] } | undefined {
  const path = sharedPath('api-specs', file);
  if (path === undefined) return undefined;
  const { shapes } = JSON.parse(readFileSync(path, 'utf8')) as { shapes: Shapes };
  return { problemsOf: (shape, value) => problemsOf(shapes, shape, { value, at: '' }) };
}

type Found = { readonly value: unknown; readonly at: string };

/** `place: what is wrong`, list positions as N. */
function problemsOf(shapes: Shapes, name: string, { value, at }: Found): string[] {
  const shape = shapes[name] ?? { type: name.replace('smithy.api#', '').toLowerCase() };
  switch (shape.type) {
    case 'structure':
    case 'union':
      return fieldsOf(shapes, shape, { value, at });
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item) => problemsOf(shapes, shape.member?.target ?? '', { value: item, at: `${at}/N` }))
        : [`${at}: is no list`];
    case 'map':
      return Object.entries(value as object).flatMap(([key, item]) => problemsOf(shapes, shape.value?.target ?? '', { value: item, at: `${at}/${key}` }));
    case 'enum':
      return Object.values(shape.members ?? {}).some(({ traits }) => traits?.['smithy.api#enumValue'] === value) ? [] : [`${at}: is not one of the words`];
    case 'string':
      return textProblems(shape.traits, { value, at });
    case 'blob':
      return typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? [] : [`${at}: is no base64`];
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? [] : [`${at}: is no whole number`];
    case 'float':
      return typeof value === 'number' ? [] : [`${at}: is no number`];
    default:
      return [];
  }
}

function fieldsOf(shapes: Shapes, { type, members = {} }: Shape, { value, at }: Found): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [`${at}: is no object`];
  const fields = Object.entries(value);
  const missing = Object.entries(members).filter(([field, { traits }]) => traits?.['smithy.api#required'] && !(field in value));
  return [
    ...(type === 'union' && fields.length !== 1 ? [`${at}: has ${fields.length} members`] : []),
    ...missing.map(([field]) => `${at}/${field}: is missing`),
    ...fields.flatMap(([field, item]) => {
      const member = members[field];
      return member ? problemsOf(shapes, member.target, { value: item, at: `${at}/${field}` }) : [`${at}/${field}: is not known`];
    }),
  ];
}

function textProblems(traits: Traits | undefined, { value, at }: Found): string[] {
  if (typeof value !== 'string') return [`${at}: is no text`];
  const { 'smithy.api#pattern': pattern, 'smithy.api#length': length = {} } = traits ?? {};
  const { min = 0, max = Number.POSITIVE_INFINITY } = length;
  return [
    ...(pattern !== undefined && !new RegExp(pattern).test(value) ? [`${at}: does not match ${pattern}`] : []),
    ...(value.length < min || value.length > max ? [`${at}: is ${value.length} long`] : []),
  ];
}
