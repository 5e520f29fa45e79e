import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBody, HttpHandler, HttpReply, HttpRequest } from '../http/http-types.ts';

/** What a framework knows of a request beyond the socket. */
export type ServeOptions = {
  /** Below the mount path; may carry the query. Default: the request's own URL. */
  readonly url?: string;
  /** What a body parser has left behind, when one ran before. */
  readonly body?: HttpBody | undefined;
  readonly clientAddress?: string | undefined;
} & Pick<HttpRequest, 'host' | 'principal' | 'policy'>;

/**
 * Serves one request of Node's. Answers `undefined` at once when no route is meant; otherwise resolves
 * when the answer has been written or the caller has left. Never throws after the first byte.
 */
export function serve(handle: HttpHandler, req: IncomingMessage, res: ServerResponse, options: ServeOptions = {}): Promise<void> | undefined {
  const url = options.url ?? req.url ?? '/';
  const queryAt = url.indexOf('?');
  const controller = new AbortController();
  const replying = handle({
    method: req.method ?? 'GET',
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    query: queryAt < 0 ? '' : url.slice(queryAt + 1),
    headers: req.headers,
    body: () => options.body ?? { kind: 'stream', stream: req },
    controller,
    clientAddress: options.clientAddress ?? req.socket.remoteAddress,
    host: options.host ?? req,
    principal: options.principal,
    policy: options.policy,
  });
  if (!replying) return undefined;

  // The request's own 'close' fires as soon as its body is read; only the response knows that the caller left.
  res.on('close', () => {
    if (!res.writableFinished) controller.abort();
  });
  return replying.then((reply) => write(reply, res));
}

async function write({ status, headers, body }: HttpReply, res: ServerResponse): Promise<void> {
  if (res.destroyed) return;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    res.end(body);
    return;
  }
  res.writeHead(status, headers);
  res.flushHeaders();
  try {
    for await (const chunk of body) {
      if (!res.write(chunk)) await drained(res);
      if (res.destroyed) break;
    }
    res.end();
  } catch {
    // Bytes (speech) have no form for an error: a cut connection is the only honest end.
    res.destroy();
  }
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}
