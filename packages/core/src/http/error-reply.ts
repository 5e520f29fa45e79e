import { GatewayError } from '../errors/gateway-error.ts';
import { type HeaderList, setHeader } from './header-list.ts';
import type { HttpReply } from './http-types.ts';

/** An error in OpenAI's shape. `param` and `code` are there even when null, as the official clients expect. */
export function errorBody(error: GatewayError): {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string };
} {
  return { error: { message: error.message, type: error.wireType, param: error.param ?? null, code: error.wireCode } };
}

/** An error before the first byte. `headers` is the reply's from here on. */
export function errorReply(error: GatewayError, headers: HeaderList = []): HttpReply {
  const body = JSON.stringify(errorBody(error));
  headers.push('content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)));
  for (const name in error.headers) setHeader(headers, name, error.headers[name] as string);
  if (error.code === 'budget_exceeded') setHeader(headers, 'x-should-retry', 'false');
  else if (error.retryAfterMs !== undefined) {
    setHeader(headers, 'retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
    setHeader(headers, 'retry-after-ms', String(Math.ceil(error.retryAfterMs)));
  }
  return { status: error.status, headers, body, error };
}

/** For adapters that do not leave unknown paths to a host. */
export function routeNotFound(method: string, path: string): GatewayError {
  return new GatewayError('route_not_found', `The gateway has no route ${method} ${path}`);
}
