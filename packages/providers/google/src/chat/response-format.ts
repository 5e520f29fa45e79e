import { type ChatRequest, GatewayError, type JsonObject, type Refuse } from '@sluice/core';
import { cleanSchema } from './clean-schema.ts';

const JSON_TYPE = { responseMimeType: 'application/json' } as const;

/** `response_format` as a part of `generationConfig`. https://ai.google.dev/gemini-api/docs/structured-output */
export function toFormat({ response_format: format }: ChatRequest, model: string, refuse: Refuse): JsonObject {
  const { type, json_schema: asked } = (format ?? {}) as { readonly type?: string; readonly json_schema?: { readonly schema?: JsonObject } };
  switch (type) {
    case undefined:
    case 'text':
      return {};
    case 'json_object':
      return JSON_TYPE;
    case 'json_schema':
      return { ...JSON_TYPE, ...toSchema(asked?.schema, model) };
    default:
      refuse('response_format', `'${type}' is not known`);
      return {};
  }
}

/** JSON Schema itself is read from the second generation on; before, only the part of it that OpenAPI has. */
function toSchema(schema: unknown, model: string): JsonObject {
  if (schema === undefined || schema === null) return {};
  const param = 'response_format.json_schema.schema';
  if (typeof schema !== 'object' || Array.isArray(schema)) throw new GatewayError('invalid_request', `${param} has to be an object.`, { param });
  if (/gemini-1/.test(model)) return { responseSchema: cleanSchema(schema as JsonObject, param) };
  const { $schema: _dialect, ...rest } = schema as JsonObject;
  return { responseJsonSchema: rest };
}
