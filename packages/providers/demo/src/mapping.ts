import { GatewayError, type JsonObject, type Mapping, type ModelRequest, type Operation, readUsage, type WireError, type WireRequest } from '@sluice/core';

export const OPERATIONS = [
  'chat',
  'completions',
  'embeddings',
  'moderations',
  'images.generate',
  'images.edit',
  'audio.speech',
  'audio.transcribe',
  'audio.translate',
  'responses',
] as const satisfies readonly Operation[];

export type DemoOperation = (typeof OPERATIONS)[number];

export type DemoCall = {
  readonly operation: DemoOperation;
  readonly request: ModelRequest;
  /** Bytes of a form with files. */
  readonly formBytes: number;
};

/** Answers are in OpenAI's shape already, so there is next to nothing to map. */
export function toMapping(operation: DemoOperation): Mapping {
  return {
    toRequest: ({ request, deployment, upload }) => ({
      url: `demo:/${operation}`,
      headers: {},
      body: upload ? upload.body({ model: deployment.model }) : JSON.stringify({ ...request, model: deployment.model }),
    }),
    toUsage: (reply) => readUsage((reply.response as JsonObject | undefined) ?? reply),
    isEnd: ({ event }) => event === 'response.completed',
    answersBytes: operation === 'audio.speech',
    toError,
  };
}

/** The call as {@link toMapping} has put it on the wire. */
export async function readWire({ url, body = '' }: WireRequest): Promise<DemoCall> {
  const operation = url.slice('demo:/'.length) as DemoOperation;
  if (typeof body === 'string') return { operation, request: JSON.parse(body) as ModelRequest, formBytes: 0 };
  let formBytes = 0;
  if (!(body instanceof Uint8Array)) for await (const chunk of body) formBytes += chunk.length;
  return { operation, request: { model: 'demo' }, formBytes };
}

function toError({ status, headers, body }: WireError): GatewayError {
  const { message, code } = (JSON.parse(body) as { readonly error: { readonly message: string; readonly code: string | null } }).error;
  const retryAfterSeconds = Number(headers['retry-after'] ?? Number.NaN);
  const isRetryable = status === 429 || status >= 500;
  return new GatewayError(status === 429 ? 'upstream_rate_limited' : isRetryable ? 'upstream_error' : 'upstream_bad_request', message, {
    status,
    retryable: isRetryable,
    ...(code !== null && { wireCode: code }),
    ...(retryAfterSeconds >= 0 && { retryAfterMs: retryAfterSeconds * 1000 }),
  });
}
