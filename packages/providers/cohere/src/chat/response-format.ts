import { type ChatRequest, GatewayError, type JsonObject, type Refuse } from '@sluice/core';

type Format = { readonly type?: string; readonly json_schema?: JsonObject & { readonly schema?: unknown } };

/** JSON with a schema or without. https://docs.cohere.com/v2/docs/structured-outputs */
export function toFormat({ response_format: format }: ChatRequest, refuse: Refuse): JsonObject {
  const { type, json_schema: asked } = (format ?? {}) as Format;
  switch (type) {
    case undefined:
    case 'text':
      return {};
    case 'json_object':
      // Cohere's own callers put a schema here.
      return { response_format: { type, ...(asked && { json_schema: asked.schema ?? asked }) } };
    case 'json_schema':
      return { response_format: { type: 'json_object', json_schema: schemaOf(asked?.schema) } };
    default:
      refuse('response_format', `'${type}' is not known`);
      return {};
  }
}

function schemaOf(schema: unknown): unknown {
  const param = 'response_format.json_schema.schema';
  if (schema !== null && typeof schema === 'object' && !Array.isArray(schema)) return schema;
  throw new GatewayError('invalid_request', `${param} has to be an object.`, { param });
}
