import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPath } from '../shared.ts';

export type ProtoField = { readonly name: string; readonly type: string; readonly isRepeated: boolean; readonly isMap: boolean };

export type ProtoDefinitions = {
  /** By their names, as `Outer.Inner`. */
  readonly messages: ReadonlyMap<string, readonly ProtoField[]>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** Of all files. */
  readonly text: string;
  /** The full name of a type that is named in the scope of a message; nothing where it is no message and no enumeration. */
  nameOf(type: string, scope: string): string | undefined;
};

const FIELD = /^(optional |repeated )?(map<\w+,\s*([\w.]+)>|[\w.]+) (\w+) = \d+/;

/** What a folder of protobuf definitions says; nothing when it is not beside the checkout. */
export function protoDefinitions(folder: string): ProtoDefinitions | undefined {
  const path = sharedPath('api-specs', folder);
  if (path === undefined) return undefined;
  const messages = new Map<string, ProtoField[]>();
  const enums = new Map<string, string[]>();
  const texts = readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
  for (const text of texts) readDefinitions(text, messages, enums);
  return {
    messages,
    enums,
    text: texts.join('\n'),
    // Types are looked for from the inside out.
    nameOf(type, scope) {
      for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
        const name = at === '' ? type : `${at}.${type}`;
        if (messages.has(name) || enums.has(name)) return name;
        if (at === '') return undefined;
      }
    },
  };
}

/** Line by line, options joined to the field they belong to. */
function readDefinitions(text: string, messages: Map<string, ProtoField[]>, enums: Map<string, string[]>): void {
  const stack: string[] = [];
  const plain = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\n\s*(?=\[|\(google|\w+ = \d+ \[)/g, ' ');
  for (const line of plain.split('\n').map((found) => found.trim())) {
    const [, kind, name = ''] = /^(message|enum|oneof|service|rpc)\s+(\w+).*\{/.exec(line) ?? [];
    const scope = stack.filter((part) => part !== '').join('.');
    if (kind !== undefined) {
      stack.push(kind === 'oneof' ? '' : name);
      const full = stack.filter((part) => part !== '').join('.');
      if (kind === 'message') messages.set(full, []);
      if (kind === 'enum') enums.set(full, []);
      if (line.endsWith('}')) stack.pop();
    } else if (line.startsWith('}')) stack.pop();
    else {
      // Options of a field may go on below it.
      if (line.endsWith('{')) stack.push('');
      const [, word] = /^([A-Z][A-Z0-9_]*) = \d+/.exec(line) ?? [];
      if (word !== undefined) enums.get(scope)?.push(word);
      const field = enums.has(scope) ? undefined : readField(line);
      if (field) messages.get(scope)?.push(field);
    }
  }
}

function readField(line: string): ProtoField | undefined {
  const [, label, whole = '', inMap, name] = FIELD.exec(line) ?? [];
  return name === undefined ? undefined : { name: camel(name), type: inMap ?? whole, isRepeated: label === 'repeated ', isMap: inMap !== undefined };
}

function camel(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
