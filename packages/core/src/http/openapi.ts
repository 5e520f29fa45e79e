import { adminPaths } from './admin-openapi.ts';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { isFileOperation, isLocal } from '../pipeline/operations.ts';
import { FILE_SHAPES } from '../requests/file-shapes.ts';
import { REQUEST_SHAPES } from '../requests/request-shapes.ts';
import type { JsonObject } from '../types/json.ts';
import { OPEN_ROUTES, type OpenRoute, type Route, ROUTES } from './routes.ts';

/** OpenAPI 3.1, made from the routes and the very shapes that requests are checked against. */
export function openApiDocument(version: string): JsonObject {
  const management = adminPaths();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description:
        'An OpenAI-compatible LLM gateway. Every path is answered without its /v1 as well. Fields that are not described here are passed on to the provider.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '.', description: 'Where this document was found' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths: { ...toPaths(), ...Object.fromEntries(OPEN_ROUTES.map(toOpenPath)), ...management.paths },
    components: {
      schemas: { ...management.schemas, ...requestSchemas(), Error: ERROR_SCHEMA },
      responses: { Error: ERROR_RESPONSE },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string', enum: [...new Set(Object.values(ERROR_CODES).map(({ type }) => type))] },
        param: { type: ['string', 'null'], description: 'The field at fault, such as messages[2].content' },
        code: { type: 'string', description: 'What happened; programs switch on it', examples: Object.keys(ERROR_CODES) },
      },
    },
  },
};

const ERROR_RESPONSE = { description: 'A refusal or a failure', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
const ANY_OBJECT = { type: 'object' };
const OTHERWISE = { $ref: '#/components/responses/Error' };

/** Of one path by several methods, one object. */
function toPaths(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of ROUTES) {
    const [path, item] = toPath(route);
    paths[path] = { ...paths[path], ...item };
  }
  return paths;
}

function toPath(route: Route): [string, JsonObject] {
  const { method, path, summary } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  const operationObject = {
    operationId: toOperationId(route),
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body === 'none' ? {} : { requestBody: { required: true, content: toRequestContent(route) } }),
    responses: { 200: { description: 'The answer', content: toAnswerContent(route) }, default: OTHERWISE },
  };
  const template = path.replace('{+', '{');
  return [hasNoVersion(route) ? template : `/v1${template}`, { [method.toLowerCase()]: operationObject }];
}

function pathParameters({ path }: Route): readonly JsonObject[] {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  return path.includes('{+') ? [{ ...id, description: 'May hold slashes' }] : path.includes('{') ? [id] : [];
}

/** What is asked of files and batches without a body stands in the query. */
function queryParameters({ operation, body }: Route): readonly JsonObject[] {
  if (operation === 'health') return [{ name: 'model', in: 'query', description: 'Default: all of them', schema: { type: 'string' } }];
  if (!isFileOperation(operation) || body !== 'none') return [];
  const { properties, names } = { properties: FILE_SHAPES[operation].schema.properties as JsonObject, names: FILE_SHAPES[operation].names };
  return names.filter((name) => name !== 'id').map((name) => ({ name, in: 'query', schema: properties[name] }));
}

/** An operation's first route bears its name. */
function toOperationId({ operation, path }: Route): string {
  const isFirst = ROUTES.find((route) => route.operation === operation)?.path === path;
  return isFirst ? operation : `${operation}${path.replaceAll('/', '.')}`;
}

/** Those beside OpenAI's API, and those that name their version. */
function hasNoVersion({ path }: Route): boolean {
  return path === '/health' || path === '/metrics' || path.startsWith('/utils/') || path.startsWith('/v2/');
}

function toRequestContent({ operation, body }: Route): JsonObject {
  const schema = { $ref: `#/components/schemas/${toSchemaName(operation)}` };
  const json = { 'application/json': { schema } };
  if (body === 'json') return json;
  const file = operation === 'images.edit' ? 'image' : 'file';
  return {
    ...(body === 'multipart-or-json' ? json : {}),
    'multipart/form-data': {
      schema: {
        allOf: [schema, { type: 'object', required: [file], properties: { [file]: { type: 'string', contentMediaType: 'application/octet-stream' } } }],
      },
    },
  };
}

function toAnswerContent({ operation }: Route): JsonObject {
  if (operation === 'metrics') return { 'text/plain': { schema: { type: 'string' } } };
  if (operation === 'audio.speech' || operation === 'files.content') return { 'application/octet-stream': {} };
  const streams = !isLocal(operation) && !isFileOperation(operation) && REQUEST_SHAPES[operation].names.includes('stream');
  return { 'application/json': { schema: ANY_OBJECT }, ...(streams ? { 'text/event-stream': { schema: { type: 'string' } } } : {}) };
}

function toOpenPath({ path, answers, summary }: OpenRoute): [string, JsonObject] {
  const answer = (description: string) => ({ description, content: { 'application/json': { schema: ANY_OBJECT } } });
  const responses = { 200: answer('Yes'), ...(answers === 'readiness' ? { 503: answer('The gateway is closing') } : {}) };
  return [path, { get: { operationId: path.slice(1).replaceAll(/\W/g, '.'), summary, security: [], responses } }];
}

function requestSchemas(): JsonObject {
  const bodies = { 'files.create': FILE_SHAPES['files.create'], 'batches.create': FILE_SHAPES['batches.create'] };
  return Object.fromEntries(Object.entries({ ...REQUEST_SHAPES, ...bodies }).map(([operation, { schema }]) => [toSchemaName(operation), schema]));
}

/** `images.generate` becomes `ImagesGenerateRequest`. */
function toSchemaName(operation: string): string {
  return `${operation
    .split('.')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Request`;
}
