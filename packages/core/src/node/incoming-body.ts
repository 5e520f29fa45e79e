import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { GatewayError } from '../errors/gateway-error.ts';
import type { HttpBody } from '../http/http-types.ts';
import { bodyTooLarge } from '../http/read-body.ts';

/** What a body parser that ran before has left behind. */
export type KeptBody = {
  readonly body?: unknown;
  /** The bytes themselves, where the parser keeps them; already decompressed. */
  readonly rawBody?: unknown;
};

/**
 * A request's body in the best form left of it: the bytes, else the unread stream, else what a parser made of it.
 * An unread stream goes before a parsed body because parsers put `{}` where they have read nothing.
 * @throws GatewayError `unsupported_media_type` for a compression that is not known here.
 */
export function incomingBody(req: IncomingMessage, { body, rawBody }: KeptBody): HttpBody {
  if (isText(rawBody)) return toBytes(rawBody);
  if (!req.readableDidRead && !req.readableEnded) return unread(req);
  if (isText(body)) return toBytes(body);
  return body === undefined || body === null ? { kind: 'none' } : { kind: 'parsed', value: body };
}

function isText(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function toBytes(text: string | Uint8Array): HttpBody {
  return { kind: 'bytes', bytes: typeof text === 'string' ? Buffer.from(text) : text };
}

function unread(req: IncomingMessage): HttpBody {
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    const decoded = decode(req, encoding);
    return { kind: 'stream', stream: { [Symbol.asyncIterator]: () => pieces(decoded, true) }, collect: (limitBytes) => collect(decoded, limitBytes) };
  }
  return {
    kind: 'stream',
    stream: { [Symbol.asyncIterator]: () => pieces(req, false) },
    collect: (limitBytes) => (Number(req.headers['content-length']) > limitBytes ? Promise.reject(bodyTooLarge(limitBytes)) : collect(req, limitBytes)),
  };
}

const DECODERS: Readonly<Record<string, () => Readable & NodeJS.WritableStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decode(req: IncomingMessage, encoding: string): Readable {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (!decoder) throw new GatewayError('unsupported_media_type', `The content encoding '${encoding}' is not one of gzip, deflate and br`);
  // Not a pipeline: its end would take the connection with it, and the refusal has yet to be sent over it.
  req.pipe(decoder);
  req.once('close', () => req.readableEnded || decoder.destroy(hasLeft()));
  return decoder;
}

/** Counts what comes out, so that what was compressed cannot grow past the limit. */
function collect(source: Readable, limitBytes: number): Promise<Buffer> {
  // What is closed already would never say so again.
  if (source.destroyed) return Promise.reject(hasLeft());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      // The rest of a plain body is read and dropped: a caller still sending would not hear the refusal.
      chunks.length = 0;
      reject(bodyTooLarge(limitBytes));
      if (isDecoder(source)) source.destroy();
    });
    source.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    source.on('error', (error) => reject(toBodyError(error)));
    source.on('close', () => source.readableEnded || reject(hasLeft()));
  });
}

async function* pieces(source: Readable, isDecoded: boolean): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: isDecoded })) yield chunk as Buffer;
  } catch (error) {
    throw toBodyError(error as Error);
  }
}

function isDecoder(source: Readable): boolean {
  return !('headers' in source);
}

function toBodyError(error: Error & { code?: string }): GatewayError {
  if (GatewayError.is(error)) return error;
  const isBadData = error.code !== undefined && /^(Z_|ERR__ERROR_|ERR_PADDING|ERR_BROTLI)/.test(error.code);
  return isBadData ? new GatewayError('invalid_request', 'The body is not compressed in the way its content-encoding says', { cause: error }) : hasLeft();
}

function hasLeft(): GatewayError {
  return new GatewayError('aborted', 'The caller left before the whole body had arrived');
}
