import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Operation, Reply, Upload } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import { callHeaders } from './call-headers.ts';
import { readCredentials } from './credentials.ts';
import { errorReply } from './error-reply.ts';
import type { HttpHandler, HttpReply, HttpRequest } from './http-types.ts';
import { readJsonBody } from './read-body.ts';
import { matchRoute, type Route } from './routes.ts';
import { SSE_HEADERS, sseBody } from './sse-body.ts';

/** A call as it was read from a request: well-formed, or with the fault that will refuse it once the caller is known. */
export type IncomingCall = {
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly received?: Uint8Array | undefined;
  readonly upload?: Upload | undefined;
  readonly fault?: GatewayError | undefined;
};

export type HttpHandlerOptions = {
  /** Opens the context of a call. */
  readonly open: (call: IncomingCall, from: HttpRequest, credentials: readonly string[]) => Context;
  readonly run: (ctx: Context) => Promise<Reply>;
  readonly bodyLimitBytes: number;
};

const NO_MODEL: ModelRequest = { model: '' };

/** The gateway as HTTP, without a transport. */
export function httpHandler({ open, run, bodyLimitBytes }: HttpHandlerOptions): HttpHandler {
  return (request) => {
    const match = matchRoute(request.method, request.path);
    if (!match) return undefined;
    if (match.kind === 'wrong-method') return Promise.resolve(wrongMethod(request, match.allowed));
    return answer(match.route, match.id, request);
  };

  async function answer(route: Route, id: string | undefined, from: HttpRequest): Promise<HttpReply> {
    const ctx = open(await readCall(route, id, from), from, readCredentials(from.headers));
    try {
      return toHttp(await run(ctx), ctx);
    } catch (error) {
      return errorReply(GatewayError.from(error), callHeaders(ctx));
    }
  }

  async function readCall(route: Route, id: string | undefined, from: HttpRequest): Promise<IncomingCall> {
    const { operation } = route;
    if (route.body === 'none') return { operation, request: id === undefined ? NO_MODEL : { model: id } };
    try {
      const { value, bytes } = await readJsonBody(from.body(), bodyLimitBytes);
      return { operation, request: value as ModelRequest, received: bytes };
    } catch (error) {
      return { operation, request: NO_MODEL, fault: GatewayError.from(error) };
    }
  }
}

function toHttp(reply: Reply, ctx: Context): HttpReply {
  const headers = callHeaders(ctx);
  switch (reply.kind) {
    case 'complete':
      return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body: reply.body.bytes };
    case 'stream':
      return { status: 200, headers: { ...SSE_HEADERS, ...headers }, body: sseBody(reply, ctx.operation) };
    case 'bytes':
      return { status: 200, headers: { 'content-type': reply.contentType, ...headers }, body: reply.chunks };
  }
}

function wrongMethod({ method, path }: HttpRequest, allowed: readonly string[]): HttpReply {
  return errorReply(new GatewayError('method_not_allowed', `${path} does not take ${method}; use ${allowed.join(' or ')}`, { headers: { allow: allowed.join(', ') } }));
}
