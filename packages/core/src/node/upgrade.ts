import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorReply, routeNotFound } from '../http/error-reply.ts';
import { toPairs } from '../http/header-list.ts';
import type { HttpHandler, HttpReply, HttpRequest } from '../http/http-types.ts';
import type { MaybePromise } from '../types/json.ts';
import { belowMount } from './mount-path.ts';

export type UpgradeOptions = {
  readonly path: string;
  /** Whom a request is made for, where its framework has not prepared it. */
  readonly admit: (req: IncomingMessage) => MaybePromise<Pick<HttpRequest, 'host' | 'principal'>>;
};

/**
 * Answers requests under the mount for another protocol: the same auth, then a plain HTTP answer. Those elsewhere are
 * left to whoever else listens. Returns what takes the listener off again.
 */
export function attachUpgrades(handle: HttpHandler, server: Server, { path, admit }: UpgradeOptions): () => void {
  function onUpgrade(req: IncomingMessage, socket: Duplex): void {
    const url = belowMount(req.url ?? '/', path);
    // A listener keeps Node from answering by itself, so with nobody else listening the socket would hang.
    if (url === undefined && server.listenerCount('upgrade') > 1) return;
    socket.on('error', () => socket.destroy());
    const reply = url === undefined ? Promise.resolve(errorReply(routeNotFound(req.method ?? 'GET', req.url ?? '/'))) : refuse(url, req, socket);
    reply.then(
      (refusal) => writePlain(socket, refusal),
      () => socket.destroy(),
    );
  }

  async function refuse(url: string, req: IncomingMessage, socket: Duplex): Promise<HttpReply> {
    const controller = new AbortController();
    socket.once('close', () => controller.abort());
    const path = url.split('?', 1)[0] as string;
    const reply = handle({
      method: req.method ?? 'GET',
      path,
      headers: req.headers,
      body: () => ({ kind: 'none' }),
      controller,
      clientAddress: req.socket.remoteAddress,
      isUpgrade: true,
      ...(await admit(req)),
    });
    return reply ?? errorReply(routeNotFound(req.method ?? 'GET', path));
  }

  server.on('upgrade', onUpgrade);
  return () => server.off('upgrade', onUpgrade);
}

/** There is no response object on an upgrade: only the socket. */
function writePlain(socket: Duplex, { status, headers, body }: HttpReply): void {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...toPairs(headers).map(([name, value]) => `${name}: ${value}`), 'connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n${String(body)}`);
}
