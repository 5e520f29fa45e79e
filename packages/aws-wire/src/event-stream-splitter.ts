import { crc32 } from 'node:zlib';
import { Carry, GatewayError, type SplitBytes, type Splitter, type WireEvent } from '@sluice/core';
import { readHeaders } from './event-stream-headers.ts';

/** Total length, length of the headers, and a checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const LEAST_FRAME_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * Splits `application/vnd.amazon.eventstream` into its frames, whose checksums are looked at. An event is named by its
 * `:event-type`; an exception or an error becomes an event `error` with `type` and `message`.
 * https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
 */
export class EventStreamSplitter implements Splitter {
  readonly #maxEventBytes: number;
  readonly #carry: Carry;
  readonly #encoding: 'utf8' | 'latin1';
  #carriedBytes = 0;
  /** How many bytes there have to be before more can be said: those of a prelude, then those of its frame. */
  #neededBytes = PRELUDE_BYTES;

  /** `latin1` keeps every byte of an event apart, for payloads that are cut within characters. */
  constructor(maxEventBytes: number, encoding: 'utf8' | 'latin1' = 'utf8') {
    this.#encoding = encoding;
    this.#maxEventBytes = maxEventBytes;
    this.#carry = new Carry(Math.max(maxEventBytes, LEAST_FRAME_BYTES));
  }

  /** @throws GatewayError `upstream_invalid_answer` for a frame over the limit, or one whose checksum is wrong. */
  push(chunk: Uint8Array): SplitBytes {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const events: WireEvent[] = [];
    if (this.#carriedBytes + bytes.length < this.#neededBytes) {
      this.#keep(bytes);
      return { events, wire: undefined };
    }
    let rest = this.#carry.takeWith(bytes);
    this.#carriedBytes = 0;
    for (let length = this.#lengthOf(rest); length <= rest.length; length = this.#lengthOf(rest)) {
      events.push(readFrame(rest.subarray(0, length), this.#encoding));
      rest = rest.subarray(length);
    }
    this.#keep(rest);
    return { events, wire: undefined };
  }

  /** A frame that is not whole at the end is no event. */
  flush(): SplitBytes {
    return { events: [], wire: undefined };
  }

  #keep(bytes: Buffer): void {
    this.#carry.keep(bytes);
    this.#carriedBytes += bytes.length;
  }

  /** How long the frame at the beginning of `bytes` is, or its prelude, where that is not there yet. */
  #lengthOf(bytes: Buffer): number {
    this.#neededBytes = bytes.length < PRELUDE_BYTES ? PRELUDE_BYTES : this.#frameLength(bytes);
    return this.#neededBytes;
  }

  #frameLength(bytes: Buffer): number {
    if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw broken('has a frame whose beginning does not match its checksum');
    const length = bytes.readUInt32BE(0);
    const headerBytes = bytes.readUInt32BE(4);
    if (length > this.#maxEventBytes) throw broken(`has an event over ${this.#maxEventBytes} bytes`);
    if (headerBytes > MAX_HEADER_BYTES || headerBytes + LEAST_FRAME_BYTES > length) throw broken('has a frame whose lengths cannot be');
    return length;
  }
}

function readFrame(frame: Buffer, encoding: 'utf8' | 'latin1'): WireEvent {
  const end = frame.length - CHECKSUM_BYTES;
  if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw broken('has a frame that does not match its checksum');
  const payloadAt = PRELUDE_BYTES + frame.readUInt32BE(4);
  const headers = readHeaders(frame.subarray(PRELUDE_BYTES, payloadAt));
  if (headers === undefined) throw broken('has a frame whose headers cannot be read');
  const data = frame.toString('utf8', payloadAt, end);
  switch (headers[':message-type']) {
    case 'exception':
      return { event: 'error', data: JSON.stringify({ type: headers[':exception-type'], message: messageIn(data) }) };
    case 'error':
      return { event: 'error', data: JSON.stringify({ type: headers[':error-code'], message: headers[':error-message'] }) };
    default:
      return { event: headers[':event-type'], data: encoding === 'utf8' ? data : frame.toString(encoding, payloadAt, end) };
  }
}

/** An exception's message, in whichever of the two spellings; where there is none, whatever was sent. */
function messageIn(data: string): string {
  try {
    const { message, Message } = JSON.parse(data) as { readonly message?: unknown; readonly Message?: unknown };
    return String(message ?? Message ?? data);
  } catch {
    return data;
  }
}

function broken(what: string): GatewayError {
  return new GatewayError('upstream_invalid_answer', `The provider's stream ${what}`, { retryable: true });
}
