import { toOperation } from '../admin/admin-route.ts';
import { matchAdminRoute } from '../admin/match-admin-route.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Operation, Reply } from '../types/call.ts';
import { callHeaders } from './call-headers.ts';
import { lateBody, NOT_YET, unlessLate } from './early-head.ts';
import { errorReply } from './error-reply.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpHandler, HttpReply, HttpRequest } from './http-types.ts';
import { type IncomingCall, readCall, readManagementCall, unreadCall } from './read-call.ts';
import type { Shown } from './read-shown.ts';
import { matchRoute, type Route } from './routes.ts';
import { addSseHeaders, SSE_KEEP_ALIVE, sseBody } from './sse-body.ts';

export type HttpHandlerOptions = {
  /** Opens the context of a call. */
  readonly open: (call: IncomingCall, from: HttpRequest, shown: Shown) => Context;
  /** What a request shows of who makes it. */
  readonly readShown: (from: HttpRequest) => Shown;
  readonly run: (ctx: Context) => Promise<Reply>;
  /** Whether the call is certain to be refused for who makes it, so that a long body need not be read. */
  readonly isStranger: (from: HttpRequest, credentials: readonly string[]) => boolean;
  readonly bodyLimitBytes: number;
  readonly fileLimitBytes: number;
  /** How long the caller of a stream waits for the head of the answer. Absent: until the answer begins. */
  readonly headAfterMs: number | undefined;
  /** Whether there are figures to be had at `/metrics`; where not, the path is not the gateway's. */
  readonly hasMetrics: boolean;
  /** Whether answers tell of their call by LiteLLM's names as well. */
  readonly hasLitellmNames: boolean;
};

/** Passes the same hooks as every call. No route speaks another protocol yet. */
const UPGRADE: Pick<Route, 'operation' | 'body'> = { operation: 'upgrade', body: 'none' };

const METRICS = /^(?:\/v1)?\/metrics\/?$/;
const LONG_BODY_BYTES = 64 * 1024;
const SHORT_TEXT = 16 * 1024;

/** The gateway as HTTP, without a transport. */
export function httpHandler({
  open,
  readShown,
  run,
  isStranger,
  bodyLimitBytes,
  fileLimitBytes,
  hasLitellmNames,
  hasMetrics,
  headAfterMs,
}: HttpHandlerOptions): HttpHandler {
  return (request) => {
    if (request.isUpgrade) return answerRoute(UPGRADE, undefined, request);
    const match = matchRoute(request.method, request.path) ?? matchAdminRoute(request.method, request.path);
    if (!match || (!hasMetrics && METRICS.test(request.path))) return undefined;
    switch (match.kind) {
      case 'wrong-method':
        return isHosts(request.method) ? undefined : Promise.resolve(wrongMethod(request, match.allowed));
      case 'admin':
        return answer(toOperation(match.name), () => readManagementCall(match, request), request);
      case 'route':
        return answerRoute(match.route, match.id, request);
    }
  };

  function answerRoute(route: Pick<Route, 'operation' | 'body'>, id: string | undefined, from: HttpRequest): Promise<HttpReply> {
    const limitBytes = route.operation === 'files.create' ? fileLimitBytes : bodyLimitBytes;
    return answer(route.operation, () => readCall(route, id, from, limitBytes), from);
  }

  async function answer(operation: Operation, read: () => Promise<IncomingCall>, from: HttpRequest): Promise<HttpReply> {
    const shown = readShown(from);
    const isRead = !mayBeLong(from) || !isStranger(from, shown.credentials);
    const call = isRead ? await read() : unreadCall(operation);
    const ctx = open(call, from, shown);
    if (call.discard) ctx.defer(call.discard);
    try {
      const running = run(ctx);
      const reply = await (headAfterMs !== undefined && call.request.stream === true ? unlessLate(running, headAfterMs) : running);
      if (reply === NOT_YET) return early(running, ctx, callHeaders(ctx, hasLitellmNames));
      return toHttp(reply, ctx, callHeaders(ctx, hasLitellmNames));
    } catch (error) {
      return errorReply(GatewayError.from(error), callHeaders(ctx, hasLitellmNames));
    }
  }
}

/** Looking a key up costs more than reading what is short. */
function mayBeLong({ headers }: HttpRequest): boolean {
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > LONG_BODY_BYTES;
}

/** A head without an answer, so that nothing on the way takes a provider that thinks for long for dead. */
function early(running: Promise<Reply>, ctx: Context, headers: HeaderList): HttpReply {
  const leave = (): void => ctx.abort();
  return { status: 200, headers: addSseHeaders(headers), body: lateBody(running, ctx.operation, leave), keepAlive: SSE_KEEP_ALIVE };
}

function toHttp(reply: Reply, { operation }: Context, headers: HeaderList): HttpReply {
  switch (reply.kind) {
    case 'complete': {
      // Node writes a short text and its head in one piece, bytes in a second one; a long text it would encode again.
      const { text } = reply.body;
      const body = text.length > SHORT_TEXT ? reply.body.bytes : text;
      const length = Buffer.byteLength(body);
      headers.push('content-type', 'application/json', 'content-length', String(length));
      return { status: 200, headers, body, isAscii: typeof body === 'string' && length === body.length };
    }
    case 'stream':
      return { status: 200, headers: addSseHeaders(headers), body: sseBody(reply, operation), keepAlive: SSE_KEEP_ALIVE };
    case 'bytes':
      headers.push('content-type', reply.contentType || 'application/octet-stream', 'x-content-type-options', 'nosniff');
      return { status: 200, headers, body: reply.chunks };
  }
}

/** Preflights are answered by the host's CORS middleware, HEAD by whoever answers HEAD for the rest of the host. */
export function isHosts(method: string): boolean {
  return method === 'OPTIONS' || method === 'HEAD';
}

/** The path is ours, the method is not. */
export function wrongMethod({ method, path }: HttpRequest, allowed: readonly string[]): HttpReply {
  return errorReply(
    new GatewayError('method_not_allowed', `${path} does not take ${method}; use ${allowed.join(' or ')}`, { headers: { allow: allowed.join(', ') } }),
  );
}
