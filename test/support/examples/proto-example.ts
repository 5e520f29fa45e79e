import { protoDefinitions } from './proto-definitions.ts';
import { base64, type Words } from './words.ts';

export type Proto = {
  fieldsOf(message: string): readonly string[];
  wordsOf(enumeration: string): readonly string[];
  /** An example in JSON that has the fields named, or all of them. */
  example(message: string, supply: Words, only?: readonly string[]): Record<string, unknown>;
};

const DEEPEST = 5;

/** The messages of a folder of protobuf definitions; nothing when it is not beside the checkout. Names are `Outer.Inner`. */
export function protoExamples(folder: string): Proto | undefined {
  const definitions = protoDefinitions(folder);
  if (!definitions) return undefined;
  const { messages, enums, nameOf } = definitions;

  function exampleOf(type: string, supply: Words, scope: string, depth: number): unknown {
    const name = nameOf(type, scope) ?? '';
    if (enums.has(name)) return enums.get(name)?.[1];
    if (messages.has(name)) return depth > DEEPEST ? {} : build(name, supply, depth + 1);
    if (/^u?int|^double|^float/.test(type)) return 3;
    if (type === 'bool') return true;
    if (type === 'bytes') return base64(supply.next());
    return type === 'google.protobuf.Struct' ? { [supply.next()]: supply.next() } : supply.next();
  }

  function build(name: string, supply: Words, depth: number, only?: readonly string[]): Record<string, unknown> {
    const fields = messages.get(name) ?? [];
    const kept = only ? fields.filter((field) => only.includes(field.name)) : fields;
    return Object.fromEntries(
      kept.map(({ name: field, type, isRepeated, isMap }) => {
        const value = exampleOf(type, supply, name, depth);
        return [field, isMap ? { [supply.next()]: value } : isRepeated ? [value] : value];
      }),
    );
  }

  return {
    fieldsOf: (name) => messages.get(name)?.map((field) => field.name) ?? [],
    wordsOf: (name) => enums.get(name) ?? [],
    example: (name, supply, only) => build(name, supply, 0, only),
  };
}
