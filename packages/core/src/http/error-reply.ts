import type { GatewayError } from '../errors/gateway-error.ts';
import type { HttpReply } from './http-types.ts';

/** An error in OpenAI's shape. `param` and `code` are there even when null, as the official clients expect. */
export function errorBody(error: GatewayError): { readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string } } {
  return { error: { message: error.message, type: error.wireType, param: error.param ?? null, code: error.wireCode } };
}

/** An error before the first byte. */
export function errorReply(error: GatewayError, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', ...headers, ...error.headers, ...retryHeaders(error) },
    body: JSON.stringify(errorBody(error)),
  };
}

function retryHeaders(error: GatewayError): Record<string, string> {
  if (error.code === 'budget_exceeded') return { 'x-should-retry': 'false' };
  if (error.retryAfterMs === undefined) return {};
  return { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)), 'retry-after-ms': String(Math.ceil(error.retryAfterMs)) };
}
