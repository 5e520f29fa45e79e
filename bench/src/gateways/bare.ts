import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type RequestListener, type Server, type ServerResponse } from 'node:http';
import express from 'express';
import Koa from 'koa';
import { Agent, type Dispatcher } from 'undici';

export type Listener = (req: IncomingMessage, res: ServerResponse) => void;

/** What a gateway is measured against: the same undici, the body parsed once, and nothing else. */
export function passThrough(upstream: string): Listener {
  const agent = new Agent({ connections: null, keepAliveTimeout: 30_000, pipelining: 1 });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-upstream' };

  return (req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      JSON.parse(body.toString('utf8'));
      agent.dispatch({ origin: upstream, path: '/v1/chat/completions', method: 'POST', headers, body }, new Relay(res));
    });
  };
}

class Relay implements Dispatcher.DispatchHandler {
  readonly #res: ServerResponse;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#res.on('close', () => {
      if (!this.#res.writableFinished) controller.abort(new Error('The caller has left'));
    });
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    const kept: OutgoingHttpHeaders = { 'content-type': headers['content-type'] };
    if (typeof headers['content-length'] === 'string') kept['content-length'] = headers['content-length'];
    this.#res.writeHead(status, kept);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#res.write(chunk)) return;
    controller.pause();
    this.#res.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#res.end();
  }

  onResponseError(): void {
    this.#res.destroy();
  }
}

export function bareNode(upstream: string): Server {
  return createServer(passThrough(upstream));
}

export function bareExpress(upstream: string): Server {
  const app = express();
  app.use('/ai', passThrough(upstream));
  return createServer(app as RequestListener);
}

export function bareKoa(upstream: string): Server {
  const relay = passThrough(upstream);
  const app = new Koa();
  app.use((ctx) => {
    ctx.respond = false;
    relay(ctx.req, ctx.res);
  });
  return createServer(app.callback() as RequestListener);
}
