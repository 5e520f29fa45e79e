import { type FileOperation, GatewayError, type JsonObject, type Mapping, type ProviderCall, type Secret } from '@sluice/core';
import type { Deployment } from '@sluice/core';
import { toReply } from './reply/to-reply.ts';
import { toError } from './to-error.ts';

/** Where a host of Anthropic's own API answers, up to and including the version. */
export type ObjectsEndpoint = { readonly baseUrl: string; readonly headers: Readonly<Record<string, string>>; readonly key: Secret | undefined };

type EndpointOf = (deployment: Deployment) => ObjectsEndpoint;
type Named = { readonly id: string };

/** What an output file is called, which is the results of a batch. */
const RESULTS = '.output';
const FILES_BETA = 'files-api-2025-04-14';

/**
 * Files and message batches in OpenAI's form.
 * https://docs.claude.com/en/api/creating-message-batches, https://docs.claude.com/en/api/files-create
 */
export function objects(endpointOf: EndpointOf): Readonly<Partial<Record<FileOperation, Mapping>>> {
  const ask = (method: 'GET' | 'POST' | 'DELETE', pathOf: (id: string) => string, toReply: Mapping['toReply']): Mapping => ({
    toRequest({ request, deployment }) {
      const { baseUrl, headers } = endpointOf(deployment);
      const path = pathOf(String(request.id));
      return { url: `${baseUrl}${path}`, method, headers: path.startsWith('/files') ? withFiles(headers) : headers };
    },
    ...(toReply && { toReply }),
    toError: errors,
  });
  const errors: Mapping['toError'] = (error, { deployment }) => toError(error, endpointOf(deployment).key);
  const file = (id: string): string => `/files/${encodeURIComponent(id)}`;
  const batch = (id: string): string => `/messages/batches/${encodeURIComponent(id)}`;

  return {
    'files.create': { toRequest: (call) => upload(call, endpointOf(call.deployment)), toReply: toFile, toError: errors },
    'files.get': ask('GET', file, toFile),
    'files.delete': ask('DELETE', file, (body) => ({ id: (body as Named).id, object: 'file', deleted: true })),
    'files.content': {
      ...ask('GET', (id) => (id.endsWith(RESULTS) ? `${batch(id.slice(0, -RESULTS.length))}/results` : `${file(id)}/content`), undefined),
      answersBytes: 'always',
      toLine: (call) => (String(call.request.id).endsWith(RESULTS) ? (line) => toOutputLine(line, call) : undefined),
    },
    'batches.create': { takesLines: true, toRequest: (call) => create(call, endpointOf(call.deployment)), toReply: toBatch, toError: errors },
    'batches.get': ask('GET', batch, toBatch),
    'batches.cancel': ask('POST', (id) => `${batch(id)}/cancel`, toBatch),
  };
}

function withFiles(headers: ObjectsEndpoint['headers']): Record<string, string> {
  const { 'anthropic-beta': others, 'content-type': _, ...rest } = headers;
  return { ...rest, 'anthropic-beta': others === undefined ? FILES_BETA : `${others},${FILES_BETA}` };
}

function upload({ upload: form }: ProviderCall, { baseUrl, headers }: ObjectsEndpoint) {
  if (!form) throw new GatewayError('invalid_request', 'The form has no file', { param: 'file' });
  const expiry = Object.keys(form.fields).find((name) => name.startsWith('expires_after'));
  if (expiry !== undefined)
    throw new GatewayError('unsupported_parameter', `Anthropic keeps files until they are deleted: it cannot honour '${expiry}'`, { param: expiry });
  return { url: `${baseUrl}/files`, headers: { ...withFiles(headers), 'content-type': form.contentType }, body: form.body({}, { without: ['purpose'] }) };
}

function create({ request }: ProviderCall, { baseUrl, headers }: ObjectsEndpoint) {
  if (request.endpoint !== '/v1/chat/completions')
    throw new GatewayError('unsupported_parameter', 'Anthropic answers chats in batches, and nothing else', { param: 'endpoint' });
  const lines = (request.lines ?? []) as readonly { readonly custom_id: string; readonly body: JsonObject }[];
  const requests = lines.map(({ custom_id, body }) => ({ custom_id, params: body }));
  return { url: `${baseUrl}/messages/batches`, headers, body: JSON.stringify({ requests }) };
}

/** Who uploads says what for; it is not kept there. */
function toFile(body: unknown, { request }: ProviderCall): JsonObject {
  const { id, size_bytes, created_at, filename } = body as JsonObject;
  return { id, object: 'file', bytes: size_bytes, created_at: seconds(created_at), filename, purpose: request.purpose ?? 'user_data', status: 'processed' };
}

type Counts = Readonly<Record<'processing' | 'succeeded' | 'errored' | 'canceled' | 'expired', number>>;

function toBatch(body: unknown): JsonObject {
  const {
    id,
    processing_status: processing,
    request_counts,
    created_at,
    expires_at,
    ended_at,
    cancel_initiated_at,
  } = body as JsonObject & { request_counts: Counts };
  const { succeeded, errored, canceled, expired } = request_counts;
  const isOver = processing === 'ended';
  const isCancelled = isOver && cancel_initiated_at !== null && cancel_initiated_at !== undefined;
  return {
    id,
    object: 'batch',
    endpoint: '/v1/chat/completions',
    errors: null,
    completion_window: '24h',
    status: isCancelled ? 'cancelled' : isOver ? 'completed' : processing === 'canceling' ? 'cancelling' : 'in_progress',
    output_file_id: isOver ? `${String(id)}${RESULTS}` : null,
    error_file_id: null,
    created_at: seconds(created_at),
    expires_at: seconds(expires_at),
    completed_at: isOver && !isCancelled ? seconds(ended_at) : null,
    cancelling_at: seconds(cancel_initiated_at),
    cancelled_at: isCancelled ? seconds(ended_at) : null,
    request_counts: { total: Object.values(request_counts).reduce((sum, count) => sum + count, 0), completed: succeeded, failed: errored + canceled + expired },
    metadata: null,
  };
}

type Result = {
  readonly type: string;
  readonly message?: JsonObject;
  readonly error?: { readonly error?: { readonly type?: string; readonly message?: string } };
};

/** Requests that failed stand in the output as well: there is no second file. */
function toOutputLine(line: JsonObject, call: ProviderCall): JsonObject {
  const { custom_id, result } = line as { readonly custom_id: string; readonly result: Result };
  const head = { id: `batch_req_${custom_id}`, custom_id };
  if (result.type === 'succeeded' && result.message) {
    const body = toReply(result.message, { ...call, operation: 'chat' });
    return { ...head, response: { status_code: 200, request_id: result.message.id, body }, error: null };
  }
  const { type = `request_${result.type}`, message = `The request was ${result.type}` } = result.error?.error ?? {};
  return { ...head, response: null, error: { code: type, message } };
}

function seconds(at: unknown): number | null {
  return typeof at === 'string' ? Math.floor(Date.parse(at) / 1000) : null;
}
