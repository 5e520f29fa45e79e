import { type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { signal } from './within.ts';

export type CallerRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Several pieces are sent one after the other, without saying how long they are together. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
  readonly agent?: Agent;
};

/** One request as a caller of HTTP sees it, with an eye on when things arrive. */
export type Call = {
  /** Resolves with the head of the answer. */
  readonly head: Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders }>;
  /** Resolves when this much of the body has arrived. */
  has(bytes: number): Promise<void>;
  /** The whole body, decompressed, and whether the connection was cut before its end. */
  readonly end: Promise<{ readonly body: Buffer; readonly isCut: boolean }>;
  /** Goes away at once: by closing the connection, or by resetting it. */
  leave(how?: 'close' | 'reset'): void;
  /** Stops reading. */
  pause(): void;
};

export function call(url: string, { method = 'POST', headers = {}, body, agent }: CallerRequest): Call {
  const head = signal<{ status: number; headers: IncomingHttpHeaders }>();
  const end = signal<{ body: Buffer; isCut: boolean }>();
  const waiting: { readonly bytes: number; resolve(): void }[] = [];
  const chunks: Buffer[] = [];
  let size = 0;
  let response: IncomingMessage | undefined;

  function onChunk(chunk: Buffer): void {
    chunks.push(chunk);
    size += chunk.length;
    for (const waiter of waiting) if (size >= waiter.bytes) waiter.resolve();
  }

  function onResponse(incoming: IncomingMessage): void {
    response = incoming;
    head.resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers });
    incoming.on('data', onChunk);
    incoming.on('error', () => undefined);
    incoming.on('close', () => {
      const raw = Buffer.concat(chunks);
      end.resolve({ body: incoming.complete && incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw, isCut: !incoming.complete });
    });
  }

  const outgoing = request(url, { method, agent: agent ?? false, headers: { ...headers, ...lengthOf(body) } });
  outgoing.on('response', onResponse);
  outgoing.on('error', () => end.resolve({ body: Buffer.concat(chunks), isCut: true }));
  if (isPieces(body)) void sendPieces(body, outgoing);
  else outgoing.end(body);

  return {
    head: head.promise,
    end: end.promise,
    leave: (how = 'close') => void (how === 'reset' ? outgoing.socket?.resetAndDestroy() : outgoing.destroy()),
    pause: () => void response?.pause(),
    has: (bytes) => (size >= bytes ? Promise.resolve() : new Promise((resolve) => waiting.push({ bytes, resolve }))),
  };
}

function isPieces(body: CallerRequest['body']): body is readonly (string | Buffer)[] {
  return Array.isArray(body);
}

function lengthOf(body: CallerRequest['body']): Record<string, string> {
  return body === undefined || isPieces(body) ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

async function sendPieces(pieces: readonly (string | Buffer)[], outgoing: ClientRequest): Promise<void> {
  for (const piece of pieces) {
    outgoing.write(piece);
    await turn();
  }
  outgoing.end();
}

/** One request whose answer is waited for. */
export async function ask(
  url: string,
  request: CallerRequest,
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string; readonly isCut: boolean }> {
  const { head, end } = call(url, request);
  const { body, isCut } = await end;
  const { status, headers } = isCut && body.length === 0 ? { status: 0, headers: {} } : await head;
  return { status, headers, text: body.toString('utf8'), isCut };
}
