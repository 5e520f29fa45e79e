import { errorReply, routeNotFound } from '../http/error-reply.ts';
import { toPairs } from '../http/header-list.ts';
import type { HttpHandler, HttpReply } from '../http/http-types.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { endWhenForgotten } from '../stream/when-forgotten.ts';

export type GatewayFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The gateway as `fetch`. An outer face: nothing inside uses Request or Response. */
export function createFetch(handle: HttpHandler): GatewayFetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const controller = new LazyAbortController();
    if (request.signal.aborted) throw request.signal.reason;
    request.signal.addEventListener('abort', () => controller.abort(request.signal.reason), { once: true });

    const { body } = request;
    const reply = await (handle({
      method: request.method,
      path: pathname,
      query: search.slice(1),
      headers: Object.fromEntries(request.headers),
      body: () => (body ? { kind: 'stream', stream: body as unknown as AsyncIterable<Uint8Array> } : { kind: 'none' }),
      controller,
    }) ?? errorReply(routeNotFound(request.method, pathname)));
    if (request.signal.aborted) throw request.signal.reason;
    try {
      return toResponse(reply, request.signal, controller);
    } catch (error) {
      // A header of a hook's, say, that no Response takes: nobody will read the answer.
      controller.abort(error);
      throw error;
    }
  };
}

function toResponse({ status, headers: list, body }: HttpReply, signal: AbortSignal, controller: LazyAbortController): Response {
  const headers = toPairs(list);
  if (typeof body === 'string' || body instanceof Uint8Array) return new Response(body as Uint8Array<ArrayBuffer> | string, { status, headers });
  const encoder = new TextEncoder();
  const chunks = body[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    start(sink) {
      // As a real fetch does: whoever still reads is told of the abort, not of the broken answer it causes.
      signal.addEventListener('abort', () => sink.error(signal.reason), { once: true });
    },
    async pull(sink) {
      const result = await chunks.next();
      if (signal.aborted) return;
      if (result.done) sink.close();
      else sink.enqueue(typeof result.value === 'string' ? encoder.encode(result.value) : result.value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
  return new Response(endWhenForgotten(stream, controller), { status, headers });
}
