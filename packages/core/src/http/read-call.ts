import { type AdminRoute, toOperation } from '../admin/admin-route.ts';
import type { ManagementRequest } from '../admin/management.ts';
import type { AdminMatch } from '../admin/match-admin-route.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { isFileOperation } from '../pipeline/operations.ts';
import { toFormRequest } from '../requests/form-request.ts';
import type { Operation } from '../types/call.ts';
import type { Upload } from '../types/upload.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { HttpRequest } from './http-types.ts';
import { readCredentials } from './credentials.ts';
import { readUpload } from './multipart.ts';
import { toQueryInput } from './query-input.ts';
import { bodyTooLarge, readJsonBody } from './read-body.ts';
import type { Route } from './routes.ts';

/** A call as it was read from a request: well-formed, or with the fault that will refuse it once the caller is known. */
export type IncomingCall = {
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly received?: Uint8Array | undefined;
  readonly upload?: Upload | undefined;
  /** To be called when the call is over. */
  readonly discard?: () => void;
  readonly fault?: GatewayError | undefined;
  /** What a management route is asked for, in place of a request for a model. */
  readonly managed?: ManagementRequest;
};

const NO_MODEL: ModelRequest = { model: '' };
const MANAGEMENT_BODY_BYTES = 256 * 1024;

/** Never throws: what is wrong with the request is in `fault`. */
export async function readCall(
  { operation, body }: Pick<Route, 'operation' | 'body'>,
  id: string | undefined,
  from: HttpRequest,
  limitBytes: number,
): Promise<IncomingCall> {
  if (body === 'none') return { operation, request: withoutBody(operation, id, from) };
  try {
    const isForm = body === 'multipart' || (body === 'multipart-or-json' && !isJson(contentTypeOf(from) ?? ''));
    if (isForm) return { operation, ...(await readForm(operation, from, limitBytes)) };
    requireJson(from);
    const { value, bytes } = await readJsonBody(from.body(), limitBytes);
    return { operation, request: value as ModelRequest, received: bytes };
  } catch (error) {
    return { operation, request: NO_MODEL, fault: GatewayError.from(error) };
  }
}

/** As {@link readCall}, for the routes that manage. Their bodies are short, and their queries are what their shapes say. */
export async function readManagementCall({ name, route, params }: AdminMatch & { readonly kind: 'admin' }, from: HttpRequest): Promise<IncomingCall> {
  const operation = toOperation(name);
  const managed = (input: JsonObject): IncomingCall => ({ operation, request: NO_MODEL, managed: { name, input: { ...input, ...params } } });
  try {
    const asked = toQueryInput(route.input, from.query ?? '');
    if (route.method === 'GET') return managed(wantsTable(route, from) ? { format: 'csv', ...asked } : asked);
    return managed({ ...asked, ...(await readManagementBody(from)) });
  } catch (error) {
    return { operation, request: NO_MODEL, fault: GatewayError.from(error) };
  }
}

/** Whether the caller takes CSV, and says nothing of JSON, where a route has both. */
function wantsTable({ input }: AdminRoute, { headers }: HttpRequest): boolean {
  const { accept } = headers;
  return typeof accept === 'string' && /\btext\/csv\b/i.test(accept) && !/\bjson\b/i.test(accept) && input.names.includes('format');
}

/** What a path and its query say. Nobody can say twice, or in a query, which model is described. */
function withoutBody(operation: Operation, id: string | undefined, { query }: HttpRequest): ModelRequest {
  if (operation === 'health') return { model: new URLSearchParams(query).get('model') ?? '' };
  if (!isFileOperation(operation)) return id === undefined ? NO_MODEL : { model: id };
  return { ...NO_MODEL, ...queryFields(query), ...(id !== undefined && { id }) };
}

function queryFields(query: string | undefined): Partial<ModelRequest> {
  return query === undefined || query === '' ? {} : toFormRequest(Object.fromEntries(new URLSearchParams(query)));
}

/** A call whose body was left where it is. */
export function unreadCall(operation: Operation): IncomingCall {
  return { operation, request: NO_MODEL };
}

/**
 * `curl -d` says `application/x-www-form-urlencoded` of what is JSON, some clients `text/plain`, some nothing. But these
 * a page of another site can make a browser send, with the visitor's cookies and without asking, as it cannot
 * `application/json`. A browser says where a POST comes from; so without an origin, or with a key, they are read.
 */
function requireJson(from: HttpRequest): void {
  const { headers } = from;
  const contentType = contentTypeOf(from);
  if (contentType !== undefined && isJson(contentType)) return;
  const mayBeJson = contentType === undefined || /^(?:text\/plain|application\/x-www-form-urlencoded)\b/i.test(contentType);
  if (mayBeJson && (headers.origin === undefined || readCredentials(headers).length > 0)) return;
  const found = contentType === undefined ? 'a body without a content type' : `'${shown(contentType)}'`;
  throw new GatewayError('unsupported_media_type', `This route takes JSON, not ${found}. Send it with 'content-type: application/json'.`);
}

async function readForm(operation: Operation, from: HttpRequest, limitBytes: number): Promise<Pick<IncomingCall, 'request' | 'upload' | 'discard'>> {
  const contentType = contentTypeOf(from);
  if (contentType === undefined || !/^multipart\/form-data\b/i.test(contentType)) {
    const found = contentType === undefined ? 'a body without a content type' : `'${shown(contentType)}'`;
    throw new GatewayError('unsupported_media_type', `This route takes a file in a form, not ${found}. Send it as multipart/form-data with a boundary.`);
  }
  if (Number(from.headers['content-length']) > limitBytes) throw bodyTooLarge(limitBytes);
  const { upload, discard } = await readUpload(from.body(), contentType, { limitBytes, needsModel: !isFileOperation(operation) });
  const said = toFormRequest(upload.fields);
  return { request: isFileOperation(operation) ? { ...NO_MODEL, ...queryFields(from.query), ...said } : said, upload, discard };
}

/** Some of LiteLLM's routes are called without a body. One that was sent and is gone is another matter: it asked for something. */
async function readManagementBody(from: HttpRequest): Promise<JsonObject> {
  requireJson(from);
  try {
    return (await readJsonBody(from.body(), MANAGEMENT_BODY_BYTES)).value;
  } catch (error) {
    if (saysBodiless(from) && GatewayError.is(error) && error.code === 'body_missing') return {};
    throw error;
  }
}

function saysBodiless({ headers }: HttpRequest): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

function contentTypeOf({ headers }: HttpRequest): string | undefined {
  const value = headers['content-type'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isJson(contentType: string): boolean {
  return contentType === 'application/json' || /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

function shown(contentType: string): string {
  return contentType.split(';', 1)[0]?.slice(0, 60) ?? '';
}
