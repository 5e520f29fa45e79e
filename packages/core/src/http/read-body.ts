import { GatewayError } from '../errors/gateway-error.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import type { HttpBody } from './http-types.ts';

export type JsonBody = { readonly value: JsonObject; readonly bytes: Uint8Array | undefined };

/** The JSON object of a body, with its bytes where they are known. */
export function readJsonBody(body: HttpBody, limitBytes: number): MaybePromise<JsonBody> {
  if (body.kind === 'parsed') return { value: requireObject(body.value), bytes: undefined };
  return readBytes(body, limitBytes).then(toJson);
}

function toJson(bytes: Buffer): JsonBody {
  if (bytes.length === 0) throw missingBody();
  return { value: requireObject(parse(bytes)), bytes };
}

/** @throws GatewayError `body_too_large`, `body_missing`. */
export function readBytes(body: HttpBody, limitBytes: number): Promise<Buffer> {
  if (body.kind === 'bytes') return Promise.resolve(Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength));
  if (body.kind !== 'stream') return Promise.reject(missingBody());
  return body.collect?.(limitBytes) ?? gather(body.stream, limitBytes);
}

async function gather(stream: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limitBytes) throw bodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only && Buffer.isBuffer(only) ? only : Buffer.concat(chunks);
}

export function bodyTooLarge(limitBytes: number): GatewayError {
  return new GatewayError('body_too_large', `The body is over ${limitBytes} bytes. Raise the gateway's bodyLimitBytes to take it.`);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new GatewayError('invalid_json', `The body is not JSON: ${(cause as Error).message}`);
  }
}

function requireObject(value: unknown): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new GatewayError('invalid_request', 'The body has to be a JSON object');
  return value as JsonObject;
}

function missingBody(): GatewayError {
  return new GatewayError(
    'body_missing',
    'The body is missing. If a body parser runs before the gateway, mount the gateway above it, or let the parser keep what it has read.',
  );
}
