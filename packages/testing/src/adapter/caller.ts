import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { signal } from './within.ts';

export type CallerRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

/** One request as a caller of HTTP sees it, with an eye on when things arrive. */
export type Call = {
  /** Resolves with the head of the answer. */
  readonly head: Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders }>;
  /** Resolves when this much of the body has arrived. */
  has(bytes: number): Promise<void>;
  /** The whole body, decompressed, and whether the connection was cut before its end. */
  readonly end: Promise<{ readonly body: Buffer; readonly isCut: boolean }>;
  /** Goes away, at once. */
  leave(): void;
};

export function call(url: string, { method = 'POST', headers = {}, body }: CallerRequest): Call {
  const head = signal<{ status: number; headers: IncomingHttpHeaders }>();
  const end = signal<{ body: Buffer; isCut: boolean }>();
  const waiting: { readonly bytes: number; resolve(): void }[] = [];
  const chunks: Buffer[] = [];
  let size = 0;

  function onChunk(chunk: Buffer): void {
    chunks.push(chunk);
    size += chunk.length;
    for (const waiter of waiting) if (size >= waiter.bytes) waiter.resolve();
  }

  function onResponse(response: IncomingMessage): void {
    head.resolve({ status: response.statusCode ?? 0, headers: response.headers });
    response.on('data', onChunk);
    response.on('error', () => undefined);
    response.on('close', () => {
      const raw = Buffer.concat(chunks);
      end.resolve({ body: response.complete && response.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw, isCut: !response.complete });
    });
  }

  const outgoing = request(url, { method, agent: false, headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) } });
  outgoing.on('response', onResponse);
  outgoing.on('error', () => end.resolve({ body: Buffer.concat(chunks), isCut: true }));
  outgoing.end(body);

  return {
    head: head.promise,
    end: end.promise,
    leave: () => void outgoing.destroy(),
    has: (bytes) => (size >= bytes ? Promise.resolve() : new Promise((resolve) => waiting.push({ bytes, resolve }))),
  };
}

/** One request whose answer is waited for. */
export async function ask(url: string, request: CallerRequest): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string; readonly isCut: boolean }> {
  const { head, end } = call(url, request);
  const { body, isCut } = await end;
  const { status, headers } = isCut && body.length === 0 ? { status: 0, headers: {} } : await head;
  return { status, headers, text: body.toString('utf8'), isCut };
}
