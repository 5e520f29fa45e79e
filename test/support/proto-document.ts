import type { ApiDocument } from './api-document.ts';
import { protoDefinitions, type ProtoDefinitions, type ProtoField } from './examples/proto-definitions.ts';

/** How protobuf's own types are written in JSON. https://protobuf.dev/programming-guides/json/ */
const SCALARS: Readonly<Record<string, object>> = {
  string: { type: 'string' },
  bytes: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer' },
  int64: { type: ['integer', 'string'] },
  float: { type: 'number' },
  double: { type: 'number' },
  'google.protobuf.Struct': { type: 'object' },
  'google.protobuf.Duration': { type: 'string' },
  'google.protobuf.Timestamp': { type: 'string' },
  'google.protobuf.Value': {},
};

const RPC = /rpc \w+\(([\w.]+)\)[^{]*\{([\s\S]*?)\n {2}\}/g;
const QUERY = ['alt', 'key'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }));

/** The methods of a folder of protobuf definitions that are called by POST, and what they take, as an OpenAPI document. */
export function protoDocument(folder: string): ApiDocument | undefined {
  const definitions = protoDefinitions(folder);
  if (!definitions) return undefined;
  const schemas = Object.fromEntries([
    // Types of schemas are taken in JSON Schema's spelling, too, as Google's own examples write them.
    ...[...definitions.enums].map(([name, words]) => [
      name,
      { type: 'string', enum: name === 'Type' ? [...words, ...words.map((word) => word.toLowerCase())] : words },
    ]),
    ...[...definitions.messages].map(([name, fields]) => [name, messageSchema(name, fields, definitions)]),
  ]) as Record<string, object>;
  return { openapi: '3.1.0', info: { title: folder, version: '1' }, paths: Object.fromEntries(pathsOf(definitions.text)), components: { schemas } };
}

/** No field but those that are defined: what Google does not know it refuses. */
function messageSchema(name: string, fields: readonly ProtoField[], definitions: ProtoDefinitions): object {
  const properties = Object.fromEntries(
    fields.map(({ name: field, type, isRepeated, isMap }) => {
      const schema = typeSchema(type, name, definitions);
      return [field, isMap ? { type: 'object', additionalProperties: schema } : isRepeated ? { type: 'array', items: schema } : schema];
    }),
  );
  return { type: 'object', properties, additionalProperties: false };
}

function typeSchema(type: string, scope: string, { nameOf }: ProtoDefinitions): object {
  const name = nameOf(type, scope);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  // A type of a file that is not here.
  return SCALARS[type] ?? {};
}

/** `{model=models/*}` is a segment of the path after a fixed one. */
function pathsOf(text: string): [string, object][] {
  return [...text.matchAll(RPC)].flatMap(([, message = '', options = '']) =>
    [...options.matchAll(/post: "([^"]+)"/g)].map(([, template = '']): [string, object] => {
      const path = template.replaceAll(/\{(\w+)=(\w+)\/\*\}/g, '/$2/{$1}').replaceAll('//', '/');
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const parameters = [...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })), ...QUERY];
      const requestBody = { required: true, content: { 'application/json': { schema: { $ref: `#/components/schemas/${message}` } } } };
      return [path, { post: { parameters, requestBody, responses: { 200: { description: 'An answer' } } } }];
    }),
  );
}
