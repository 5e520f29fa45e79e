import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPath } from '../shared.ts';
import { base64, type Words } from './words.ts';

type Field = { readonly name: string; readonly type: string; readonly isRepeated: boolean; readonly isMap: boolean };
type Message = { readonly fields: readonly Field[] };

export type Proto = {
  fieldsOf(message: string): readonly string[];
  wordsOf(enumeration: string): readonly string[];
  /** An example in JSON that has the fields named, or all of them. */
  example(message: string, supply: Words, only?: readonly string[]): Record<string, unknown>;
};

const DEEPEST = 5;
const FIELD = /^(optional |repeated )?(map<\w+,\s*([\w.]+)>|[\w.]+) (\w+) = \d+/;

/** The messages of a folder of protobuf definitions; nothing when it is not beside the checkout. Names are `Outer.Inner`. */
export function protoExamples(folder: string): Proto | undefined {
  const path = sharedPath('api-specs', folder);
  if (path === undefined) return undefined;
  const messages = new Map<string, Message>();
  const enums = new Map<string, string[]>();
  for (const file of readdirSync(path)) readDefinitions(readFileSync(join(path, file), 'utf8'), messages, enums);

  /** Types are looked for from the inside out. */
  function resolve<T>(known: ReadonlyMap<string, T>, type: string, scope: string): string | undefined {
    for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const name = at === '' ? type : `${at}.${type}`;
      if (known.has(name)) return name;
      if (at === '') return undefined;
    }
  }

  function exampleOf(type: string, supply: Words, scope: string, depth: number): unknown {
    const enumeration = resolve(enums, type, scope);
    if (enumeration !== undefined) return enums.get(enumeration)?.[1];
    const message = resolve(messages, type, scope);
    if (message !== undefined) return depth > DEEPEST ? {} : build(message, supply, depth + 1);
    if (/^u?int|^double|^float/.test(type)) return 3;
    if (type === 'bool') return true;
    if (type === 'bytes') return base64(supply.next());
    return type === 'google.protobuf.Struct' ? { [supply.next()]: supply.next() } : supply.next();
  }

  function build(name: string, supply: Words, depth: number, only?: readonly string[]): Record<string, unknown> {
    const fields = messages.get(name)?.fields ?? [];
    const kept = only ? fields.filter((field) => only.includes(field.name)) : fields;
    return Object.fromEntries(
      kept.map(({ name: field, type, isRepeated, isMap }) => {
        const value = exampleOf(type, supply, name, depth);
        return [field, isMap ? { [supply.next()]: value } : isRepeated ? [value] : value];
      }),
    );
  }

  return {
    fieldsOf: (name) => messages.get(name)?.fields.map((field) => field.name) ?? [],
    wordsOf: (name) => enums.get(name) ?? [],
    example: (name, supply, only) => build(name, supply, 0, only),
  };
}

/** Line by line, options joined to the field they belong to. */
function readDefinitions(text: string, messages: Map<string, Message>, enums: Map<string, string[]>): void {
  const stack: string[] = [];
  const plain = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\n\s*(?=\[|\(google|\w+ = \d+ \[)/g, ' ');
  for (const line of plain.split('\n').map((found) => found.trim())) {
    const [, kind, name = ''] = /^(message|enum|oneof|service|rpc)\s+(\w+).*\{/.exec(line) ?? [];
    const scope = stack.filter((part) => part !== '').join('.');
    if (kind !== undefined) {
      stack.push(kind === 'oneof' ? '' : name);
      const full = stack.filter((part) => part !== '').join('.');
      if (kind === 'message') messages.set(full, { fields: [] });
      if (kind === 'enum') enums.set(full, []);
      if (line.endsWith('}')) stack.pop();
    } else if (line.startsWith('}')) stack.pop();
    else if (line.endsWith('{')) stack.push('');
    else if (enums.has(scope)) {
      const [, word] = /^([A-Z][A-Z0-9_]*) = \d+/.exec(line) ?? [];
      if (word !== undefined) enums.get(scope)?.push(word);
    } else if (messages.has(scope)) {
      const [, label, whole = '', inMap, field] = FIELD.exec(line) ?? [];
      const known = messages.get(scope)?.fields ?? [];
      if (field !== undefined)
        messages.set(scope, {
          fields: [...known, { name: camel(field), type: inMap ?? whole, isRepeated: label === 'repeated ', isMap: inMap !== undefined }],
        });
    }
  }
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
