import { type AdminRoute, toOperation } from '../admin/admin-route.ts';
import { ADMIN_ROUTES } from '../admin/contract.ts';
import type { JsonObject } from '../types/json.ts';
import { type SharedSchemas, sharedSchemas } from './shared-schemas.ts';

type ObjectSchema = { readonly properties?: Readonly<Record<string, JsonObject>>; readonly required?: readonly string[] };

/** The management routes as they stand in the OpenAPI document, and the schemas that several of them refer to. */
export function adminPaths(): { readonly paths: JsonObject; readonly schemas: JsonObject } {
  const paths: Record<string, Record<string, JsonObject>> = {};
  const shared = sharedSchemas(Object.values<AdminRoute>(ADMIN_ROUTES).flatMap(({ input, output }) => [input.schema, output.schema]));
  for (const [name, route] of Object.entries<AdminRoute>(ADMIN_ROUTES)) {
    [route.path, ...(route.also ?? [])].forEach((path, index) => {
      const operationId = index === 0 ? toOperation(name) : `${toOperation(name)}.${index + 1}`;
      (paths[path] ??= {})[route.method.toLowerCase()] = { ...toOperationObject(name, route, path, shared), operationId };
    });
  }
  return { paths, schemas: shared.schemas };
}

function toOperationObject(name: string, { method, summary, who, input, output }: AdminRoute, path: string, { share }: SharedSchemas): JsonObject {
  const { properties = {}, required = [] } = input.schema as ObjectSchema;
  const title = name.replaceAll(/(?:^|[._])(\w)/g, (_, first: string) => first.toUpperCase());
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = method === 'GET' ? Object.keys(properties).filter((name) => !inPath.includes(name)) : [];
  const toParameter = (name: string, place: string) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: share(
      properties[name] ?? {},
      name.replace(/^./, (first) => first.toUpperCase()),
    ),
  });
  const parameters = [...inPath.map((name) => toParameter(name, 'path')), ...inQuery.map((name) => toParameter(name, 'query'))];
  return {
    tags: ['management'],
    summary,
    description: `For ${who.join(', ')}.`,
    ...(parameters.length > 0 && { parameters }),
    ...(method !== 'GET' && {
      requestBody: {
        required: method !== 'DELETE',
        content: { 'application/json': { schema: share(inPath.length > 0 ? withoutPath(input.schema, inPath) : input.schema, `${title}Request`) } },
      },
    }),
    responses: {
      200: {
        description: 'The answer',
        content: {
          'application/json': { schema: share(output.schema, `${title}Answer`) },
          ...(properties.format && { 'text/csv': { schema: { type: 'string' } } }),
        },
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
