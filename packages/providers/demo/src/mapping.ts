import {
  type Deployment,
  GatewayError,
  type JsonObject,
  type Mapping,
  type ModelOperation,
  type ModelRequest,
  type ProviderCall,
  readUsage,
  redactKeys,
  upstreamCode,
  type WireError,
  type WireRequest,
} from '@sluice/core';

export type DemoCall = {
  readonly operation: ModelOperation;
  readonly request: ModelRequest;
  /** Bytes of a form with files. */
  readonly formBytes: number;
  /** What the deployment says of its answers. */
  readonly options: NonNullable<Deployment['options']>;
};

/** Nothing leaves this process, so what would be a header tells the answering side of the deployment. */
const OPTIONS = 'demo-options';

/** Answers are in OpenAI's shape already, so there is next to nothing to map. */
export function toMapping(operation: ModelOperation): Mapping {
  return {
    toRequest: ({ request, deployment, upload }) => ({
      url: `demo:/${operation}`,
      headers: deployment.options?.mock_response === undefined ? {} : { [OPTIONS]: JSON.stringify(deployment.options) },
      body: upload ? upload.body({ model: deployment.model }) : JSON.stringify({ ...request, model: deployment.model }),
    }),
    ...(operation === 'responses' && { toUsage: (reply) => readUsage((reply.response as JsonObject | undefined) ?? reply) }),
    isEnd: ({ event }) => event === 'response.completed',
    answersBytes: operation === 'audio.speech',
    toError,
  };
}

/** The call as {@link toMapping} has put it on the wire. */
export async function readWire({ url, headers, body = '' }: WireRequest): Promise<DemoCall> {
  const operation = url.slice('demo:/'.length) as ModelOperation;
  const options = JSON.parse(headers[OPTIONS] ?? '{}') as JsonObject;
  if (typeof body === 'string') return { operation, request: JSON.parse(body) as ModelRequest, formBytes: 0, options };
  let formBytes = 0;
  if (!(body instanceof Uint8Array)) for await (const chunk of body) formBytes += chunk.length;
  return { operation, request: { model: 'demo' }, formBytes, options };
}

const CODES: Readonly<Record<string, 'context_length_exceeded' | 'content_policy_violation'>> = {
  context_length_exceeded: 'context_length_exceeded',
  content_filter: 'content_policy_violation',
};

function toError({ status, headers, body }: WireError, { deployment }: ProviderCall): GatewayError {
  const { message, code } = readError(status, body);
  const retryAfterSeconds = Number(headers['retry-after'] ?? Number.NaN);
  return new GatewayError((code !== null && CODES[code]) || upstreamCode(status), redactKeys(message, deployment.apiKey), {
    status,
    retryable: status === 408 || status === 429 || status >= 500,
    ...(code !== null && { wireCode: code }),
    ...(retryAfterSeconds >= 0 && { retryAfterMs: retryAfterSeconds * 1000 }),
  });
}

/** Its own errors have both; a recorded one, or that of a stand-in, may have neither. */
function readError(status: number, body: string): { readonly message: string; readonly code: string | null } {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: string; readonly code?: string | null } };
    return { message: error?.message ?? `The provider answered ${status}`, code: error?.code ?? null };
  } catch {
    return { message: `The provider answered ${status}`, code: null };
  }
}
