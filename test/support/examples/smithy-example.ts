import { readFileSync } from 'node:fs';
import { sharedPath } from '../shared.ts';
import { base64, type Words } from './words.ts';

type Member = { readonly target: string; readonly traits?: { readonly 'smithy.api#enumValue'?: string } };
type Shape = { readonly type: string; readonly members?: Readonly<Record<string, Member>>; readonly member?: Member; readonly value?: Member };

export type Smithy = {
  membersOf(shape: string): readonly string[];
  /** The words of an enumeration. */
  wordsOf(shape: string): readonly string[];
  /** An example that has every field it may have; of a union the member that is named. */
  example(shape: string, supply: Words, member?: string): unknown;
};

const DEEPEST = 10;

/** A Smithy model that makes examples; nothing when it is not beside the checkout. */
export function smithyExamples(file: string, namespace: string): Smithy | undefined {
  const path = sharedPath('api-specs', file);
  if (path === undefined) return undefined;
  const { shapes } = JSON.parse(readFileSync(path, 'utf8')) as { readonly shapes: Readonly<Record<string, Shape>> };
  const shapeOf = (name: string): Shape => shapes[`${namespace}#${name}`] ?? shapes[name] ?? { type: name.replace('smithy.api#', '').toLowerCase() };

  function example(name: string, supply: Words, member?: string, depth = 0): unknown {
    const shape = shapeOf(name);
    const inner = (target: string | undefined): unknown => example(target ?? '', supply, undefined, depth + 1);
    if (depth > DEEPEST) return {};
    switch (shape.type) {
      case 'structure':
        return Object.fromEntries(Object.entries(shape.members ?? {}).map(([field, { target }]) => [field, inner(target)]));
      case 'union': {
        const [field, picked] = Object.entries(shape.members ?? {}).find(([found]) => member === undefined || found === member) ?? [];
        return field === undefined ? {} : { [field]: inner(picked?.target) };
      }
      case 'list':
        return [inner(shape.member?.target)];
      case 'map':
        return { [supply.next()]: inner(shape.value?.target) };
      case 'enum':
        return Object.values(shape.members ?? {})[0]?.traits?.['smithy.api#enumValue'];
      case 'blob':
        return base64(supply.next());
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
        return 3;
      case 'boolean':
        return true;
      case 'document':
        return { [supply.next()]: supply.next() };
      default:
        return supply.next();
    }
  }

  return {
    membersOf: (name) => Object.keys(shapeOf(name).members ?? {}),
    wordsOf: (name) => Object.values(shapeOf(name).members ?? {}).flatMap(({ traits }) => traits?.['smithy.api#enumValue'] ?? []),
    example: (name, supply, member) => example(name, supply, member),
  };
}
