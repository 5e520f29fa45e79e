import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors/gateway-error.ts';
import { errorReply, routeNotFound } from '../http/error-reply.ts';
import { type HeaderList, toPairs } from '../http/header-list.ts';
import type { HttpHandler, HttpReply, HttpRequest } from '../http/http-types.ts';
import { incomingBody, type KeptBody } from './incoming-body.ts';
import { type Aborter, LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { writeStream } from './write-stream.ts';

/** What a framework knows of a request beyond the socket. */
export type ServeOptions = {
  /** Below the mount path; may carry the query. Default: the request's own URL. */
  readonly url?: string;
  /** Where a body parser has left what it read. Default: the request. */
  readonly kept?: KeptBody;
  /** As the framework's rule on proxies has it. Default: the other end of the socket. */
  readonly clientAddress?: string | undefined;
  /** Refuses unknown paths here, in place of leaving them to the host. */
  readonly strict?: boolean | undefined;
  /** Whether a refusal is written (default), or thrown as its GatewayError for the host to answer. */
  readonly errors?: 'respond' | 'next' | undefined;
} & Pick<HttpRequest, 'host' | 'principal' | 'policy'>;

/** How long a caller whose body was refused may go on sending it. */
const DISCARD_MS = 5_000;

/**
 * Serves one request of Node's. Answers `undefined` at once when the request is the host's; otherwise resolves when
 * the answer has been handed over or the caller has left. Rejects only before the first byte: with the refusal
 * under `errors: 'next'`, or with a defect.
 */
export function serve(handle: HttpHandler, req: IncomingMessage, res: ServerResponse, options: ServeOptions): Promise<void> | undefined {
  if (res.headersSent) return undefined;
  const url = options.url ?? req.url ?? '/';
  const queryAt = url.indexOf('?');
  const controller = new LazyAbortController();
  const method = req.method ?? 'GET';
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  if (isGone(res)) controller.abort();
  const replying = handle({
    method,
    path,
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers: req.headers,
    body: () => incomingBody(req, options.kept ?? (req as KeptBody)),
    controller,
    // Not lazy: a socket forgets its address when it closes, and the call record is written after that.
    clientAddress: options.clientAddress ?? req.socket.remoteAddress,
    host: options.host,
    principal: options.principal,
    policy: options.policy,
  });
  if (replying) return answer(replying, controller, req, res, options);
  return options.strict && method !== 'OPTIONS' ? answer(Promise.resolve(errorReply(routeNotFound(method, path))), controller, req, res, options) : undefined;
}

/** Answers with an error in OpenAI's shape; when an answer has begun, cuts it. */
export function refuse(error: unknown, res: ServerResponse): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { status, headers, body } = errorReply(GatewayError.from(error));
  res.writeHead(status, headers);
  res.end(body);
  discardRest(res.req);
}

async function answer(replying: Promise<HttpReply>, controller: Aborter, req: IncomingMessage, res: ServerResponse, { errors }: ServeOptions): Promise<void> {
  // The request's own 'close' fires as soon as its body is read; only the response knows that the caller left. It is
  // asked for `writableEnded`, because HTTP/2 claims `writableFinished` of what was cut, too.
  // By a promise, because its continuation runs in the caller's async context and a listener does not.
  const closed = new Promise<void>((resolve) => res.on('close', resolve));
  let isOurs = false;
  void closed.then(() => (isOurs && res.writableEnded) || controller.abort());

  const reply = await replying;
  if (isGone(res) || res.writableEnded) {
    // The host may have answered meanwhile, with its own timeout say: nobody will read what comes here.
    controller.abort();
    return;
  }
  if (errors === 'next' && reply.error) {
    keepHeaders(reply.headers, res);
    throw reply.error;
  }
  try {
    isOurs = true;
    await write(reply, req, res);
  } catch (error) {
    // A head that cannot be written leaves a body that nobody reads.
    controller.abort();
    throw error;
  }
  discardRest(req);
}

function write({ status, headers, body, keepAlive, isAscii }: HttpReply, req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
  res.writeHead(status, headers);
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (isAscii) res.end(body, 'latin1');
    else res.end(body);
    return undefined;
  }
  if (req.httpVersionMajor === 1) res.socket?.setNoDelay(true);
  return writeStream(body, res, keepAlive);
}

/** What callers go by, such as `retry-after`, belongs to the host's answer as well; what describes our body does not. */
function keepHeaders(headers: HeaderList, res: ServerResponse): void {
  for (const [name, value] of toPairs(headers)) if (!name.startsWith('content-')) res.setHeader(name, value);
}

/** HTTP/2 keeps this with the stream and not with the response. */
function isGone(res: ServerResponse & { readonly stream?: { readonly destroyed: boolean } }): boolean {
  return res.stream?.destroyed ?? res.destroyed;
}

/** Whoever still sends its request would not read the answer, and the connection could serve nobody else. */
function discardRest(req: IncomingMessage): void {
  if (req.complete) return;
  req.resume();
  setTimeout(() => req.complete || req.destroy(), DISCARD_MS).unref();
}
