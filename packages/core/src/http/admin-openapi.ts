import { type AdminRoute, toOperation } from '../admin/admin-route.ts';
import { ADMIN_ROUTES } from '../admin/contract.ts';
import type { JsonObject } from '../types/json.ts';

type ObjectSchema = { readonly properties?: Readonly<Record<string, JsonObject>>; readonly required?: readonly string[] };

/** The management routes as they stand in the OpenAPI document. */
export function adminPaths(): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [name, route] of Object.entries<AdminRoute>(ADMIN_ROUTES)) {
    [route.path, ...(route.also ?? [])].forEach((path, index) => {
      const operationId = index === 0 ? toOperation(name) : `${toOperation(name)}.${index + 1}`;
      (paths[path] ??= {})[route.method.toLowerCase()] = { ...toOperationObject(route, path), operationId };
    });
  }
  return paths;
}

function toOperationObject({ method, summary, who, input, output }: AdminRoute, path: string): JsonObject {
  const { properties = {}, required = [] } = input.schema as ObjectSchema;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = method === 'GET' ? Object.keys(properties).filter((name) => !inPath.includes(name)) : [];
  const toParameter = (name: string, place: string) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: properties[name] });
  const parameters = [...inPath.map((name) => toParameter(name, 'path')), ...inQuery.map((name) => toParameter(name, 'query'))];
  return {
    tags: ['management'],
    summary,
    description: `For ${who.join(', ')}.`,
    ...(parameters.length > 0 && { parameters }),
    ...(method !== 'GET' && { requestBody: { required: method !== 'DELETE', content: { 'application/json': { schema: withoutPath(input.schema, inPath) } } } }),
    responses: {
      200: {
        description: 'The answer',
        content: { 'application/json': { schema: output.schema }, ...(properties.format && { 'text/csv': { schema: { type: 'string' } } }) },
      },
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

/** What stands in the path need not stand in the body as well. */
function withoutPath(schema: JsonObject, inPath: readonly string[]): JsonObject {
  const { properties = {}, required = [], ...rest } = schema as ObjectSchema;
  const left = required.filter((name) => !inPath.includes(name));
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.includes(name))),
    ...(left.length > 0 && { required: left }),
  };
}
