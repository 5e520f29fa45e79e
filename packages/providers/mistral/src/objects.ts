import { type FileOperation, GatewayError, type JsonObject, type Mapping, type ProviderCall } from '@sluice/core';
import type { Endpoint, EndpointOf } from '@sluice/openai-wire';

/** Where batches are, in Mistral's words jobs. */
export const JOB_PATHS = { 'batches.create': '/batch/jobs', 'batches.get': '/batch/jobs/{id}', 'batches.cancel': '/batch/jobs/{id}/cancel' } as const;

/** What a file that answers a batch is called by, so that its lines are known for answers. */
const ANSWERS = '.answers';
const ENDPOINTS: ReadonlySet<unknown> = new Set(['/v1/chat/completions', '/v1/embeddings']);
/** Files that models are to read; Mistral has one word for them. */
const TO_BE_READ: ReadonlySet<unknown> = new Set([undefined, 'user_data', 'assistants', 'vision']);
const STATUSES: Readonly<Record<string, string>> = {
  QUEUED: 'validating',
  RUNNING: 'in_progress',
  SUCCESS: 'completed',
  FAILED: 'failed',
  TIMEOUT_EXCEEDED: 'expired',
  CANCELLATION_REQUESTED: 'cancelling',
  CANCELLED: 'cancelled',
};

/**
 * How files and batches depart from OpenAI's; `toAnswer` puts what a model has said into its form.
 * https://docs.mistral.ai/api/endpoint/files, https://docs.mistral.ai/api/endpoint/batch
 */
export function objects(endpointOf: EndpointOf, toAnswer: NonNullable<Mapping['toReply']>): Readonly<Partial<Record<FileOperation, Partial<Mapping>>>> {
  return {
    'files.create': { toRequest: (call) => upload(call, endpointOf(call.deployment)), toReply: toFile },
    'files.get': { toReply: toFile },
    'files.content': {
      toRequest({ request, deployment }) {
        const { url, headers } = endpointOf(deployment);
        return { url: url('files.content', fileOf(request)), method: 'GET', headers };
      },
      toLine: (call) => (isOfAnswers(call.request) ? (line) => toAnswerLine(line, (body) => toAnswer(body, call)) : undefined),
    },
    'batches.create': { takesLines: true, toRequest: (call) => create(call, endpointOf(call.deployment)), toReply: toBatch },
    'batches.get': { toReply: toBatch },
    'batches.cancel': { toReply: toBatch },
  };
}

function upload({ upload: form }: ProviderCall, { url, headers }: Endpoint) {
  if (!form) throw new GatewayError('invalid_request', 'The form has no file', { param: 'file' });
  const expiry = Object.keys(form.fields).find((name) => name.startsWith('expires_after'));
  if (expiry !== undefined) throw new GatewayError('unsupported_parameter', `Mistral cannot honour '${expiry}'`, { param: expiry });
  const body = form.body(TO_BE_READ.has(form.fields.purpose) ? { purpose: 'ocr' } : {});
  return { url: url('files.create'), headers: { ...headers, 'content-type': form.contentType }, body };
}

function create({ request, deployment }: ProviderCall, { url, jsonHeaders: headers }: Endpoint) {
  const { endpoint, metadata } = request;
  if (!ENDPOINTS.has(endpoint))
    throw new GatewayError('unsupported_parameter', `Mistral answers ${[...ENDPOINTS].join(' and ')} in batches here`, { param: 'endpoint' });
  const lines = (request.lines ?? []) as readonly { readonly custom_id: string; readonly body: JsonObject }[];
  const requests = lines.map(({ custom_id, body: { model: _, ...body } }) => ({ custom_id, body }));
  const job = { requests, endpoint, model: deployment.model, ...(metadata !== undefined && metadata !== null && { metadata }) };
  return { url: url('batches.create'), headers, body: JSON.stringify(job) };
}

/** Who uploads says what for, in other words than Mistral's. */
function toFile(body: unknown, { request }: ProviderCall): JsonObject {
  const file = body as JsonObject;
  return { ...file, purpose: request.purpose ?? (file.purpose === 'ocr' ? 'user_data' : file.purpose), status: 'processed' };
}

function toBatch(body: unknown): JsonObject {
  const job = body as JsonObject;
  const status = STATUSES[String(job.status)];
  // A state that nobody knows must not look like one that money is settled by.
  if (status === undefined) throw new GatewayError('upstream_invalid_answer', `The batch is in a state that is not known here, '${String(job.status)}'`);
  const endedAt = job.completed_at ?? null;
  return {
    id: job.id,
    object: 'batch',
    endpoint: job.endpoint,
    errors: toErrors(job.errors),
    completion_window: '24h',
    status,
    output_file_id: toAnswersId(job.output_file),
    error_file_id: toAnswersId(job.error_file),
    created_at: job.created_at,
    in_progress_at: job.started_at ?? null,
    completed_at: status === 'completed' ? endedAt : null,
    failed_at: status === 'failed' ? endedAt : null,
    expired_at: status === 'expired' ? endedAt : null,
    cancelled_at: status === 'cancelled' ? endedAt : null,
    request_counts: { total: job.total_requests, completed: job.succeeded_requests, failed: job.failed_requests },
    metadata: job.metadata ?? null,
  };
}

function toErrors(errors: unknown): JsonObject | null {
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const data = (errors as readonly { readonly message: string }[]).map(({ message }) => ({ code: null, line: null, message, param: null }));
  return { object: 'list', data };
}

function toAnswersId(file: unknown): string | null {
  return typeof file === 'string' ? `${file}${ANSWERS}` : null;
}

function isOfAnswers({ id }: ProviderCall['request']): boolean {
  return String(id).endsWith(ANSWERS);
}

function fileOf(request: ProviderCall['request']): string {
  return isOfAnswers(request) ? String(request.id).slice(0, -ANSWERS.length) : String(request.id);
}

type Answered = JsonObject & { readonly response?: { readonly status_code?: number; readonly body?: JsonObject } | null };

function toAnswerLine(line: Answered, toAnswer: (body: JsonObject) => JsonObject): JsonObject {
  const { response } = line;
  if (!response?.body || (response.status_code ?? 200) >= 400) return line;
  return { ...line, response: { ...response, body: toAnswer(response.body) } };
}
