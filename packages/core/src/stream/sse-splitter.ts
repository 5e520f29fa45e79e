import { GatewayError } from '../errors/gateway-error.ts';

export type SseEvent = { readonly event: string | undefined; readonly data: string };

/** Whole events out of bytes that were cut anywhere. `wire` is their bytes, when they hold nothing else. */
export type SplitBytes = { readonly events: readonly SseEvent[]; readonly wire: Uint8Array | undefined };

const NOTHING: SplitBytes = { events: [], wire: undefined };
const LF = 10;
const CR = 13;

/**
 * Splits `text/event-stream` at its blank lines. Only whole events leave it, so a multi-byte character
 * is never cut, and a stream that breaks off can be answered with an error event of its own.
 *
 * Events with nothing but a `data:` line, which is nearly all there are, take a short path.
 */
export class SseSplitter {
  readonly #maxEventBytes: number;
  #carry: Buffer | undefined;

  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** @throws GatewayError `upstream_invalid_answer` for an event over the limit. */
  push(chunk: Uint8Array): SplitBytes {
    const bytes = this.#withCarry(chunk);
    const end = endOfWholeEvents(bytes);
    this.#carry = end < bytes.length ? bytes.subarray(end) : undefined;
    if (this.#carry && this.#carry.length > this.#maxEventBytes) {
      throw new GatewayError('upstream_invalid_answer', `The provider's stream has an event over ${this.#maxEventBytes} bytes`);
    }
    return end === 0 ? NOTHING : split(bytes.subarray(0, end));
  }

  /** What is left at the end: some servers leave out the last blank line. */
  flush(): SplitBytes {
    const rest = this.#carry;
    this.#carry = undefined;
    return rest ? split(Buffer.concat([rest, Buffer.from('\n\n')])) : NOTHING;
  }

  #withCarry(chunk: Uint8Array): Buffer {
    if (this.#carry) return Buffer.concat([this.#carry, chunk]);
    return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** Where the last blank line ends. A CR at the very end may be half of a CRLF, so it does not count yet. */
function endOfWholeEvents(bytes: Buffer): number {
  if (bytes.indexOf(CR) < 0) {
    const at = bytes.lastIndexOf('\n\n');
    return at < 0 ? 0 : at + 2;
  }
  let lineBreaks = 0;
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const byte = bytes[index];
    if (byte === LF) {
      if (bytes[index - 1] === CR) index -= 1;
      lineBreaks += 1;
    } else if (byte === CR && index < bytes.length - 1) {
      lineBreaks += 1;
    } else {
      lineBreaks = 0;
    }
    if (lineBreaks === 2) return endOfBlankLine(bytes, index);
  }
  return 0;
}

/** `start` is the first byte of two line breaks in a row; the answer is the first byte after them. */
function endOfBlankLine(bytes: Buffer, start: number): number {
  let index = start;
  for (let count = 0; count < 2; count += 1) index += bytes[index] === CR && bytes[index + 1] === LF ? 2 : 1;
  return index;
}

function split(bytes: Buffer): SplitBytes {
  const text = bytes.toString('utf8');
  const normal = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  const events: SseEvent[] = [];
  let isPure = normal === text;
  for (const block of normal.split('\n\n')) {
    if (block === '') continue;
    if (block.startsWith('data: ') && !block.includes('\n')) {
      events.push({ event: undefined, data: block.slice(6) });
      continue;
    }
    isPure = false;
    const event = parseBlock(block);
    if (event) events.push(event);
  }
  return { events, wire: isPure ? bytes : undefined };
}

function parseBlock(block: string): SseEvent | undefined {
  let event: string | undefined;
  let data: string | undefined;
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value;
  }
  return data === undefined ? undefined : { event, data };
}
