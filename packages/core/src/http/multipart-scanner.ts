import { malformed, type PartName, readPartName } from './multipart-headers.ts';

/** A form as it goes by: the head of a part, some of its content, its end. */
export type FormEvent =
  | ({ readonly kind: 'part' /** As it came, one character a byte. */; readonly header: string } & PartName)
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'part-end' };

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PARTS = 1_000;
const LF = 10;
const CR = 13;
const DASH = 45;

/**
 * Finds the parts of a `multipart/form-data` body in bytes that were cut anywhere, and holds back no more
 * of them than a boundary is long. Bodies with bare LF line ends are understood, as long as they keep to them.
 */
export class MultipartScanner {
  readonly #boundary: string;
  #delimiter: Buffer;
  // A delimiter starts a line; the body starts one too.
  #rest: Buffer = Buffer.from('\n');
  #state: 'preamble' | 'header' | 'content' | 'over' = 'preamble';
  #parts = 0;
  #events: FormEvent[] = [];

  constructor(boundary: string) {
    this.#boundary = boundary;
    this.#delimiter = Buffer.from(`\n--${boundary}`, 'latin1');
  }

  /** @throws GatewayError `invalid_request` */
  push(chunk: Uint8Array): FormEvent[] {
    let bytes: Buffer = Buffer.concat([this.#rest, chunk]);
    for (let before = -1; before !== bytes.length && this.#state !== 'over'; ) {
      before = bytes.length;
      bytes = this.#state === 'header' ? this.#readHeader(bytes) : this.#readContent(bytes);
    }
    this.#rest = this.#state === 'over' ? Buffer.alloc(0) : bytes;
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** @throws GatewayError `invalid_request` when the form is not complete. */
  end(): void {
    if (this.#state === 'preamble') throw malformed('its boundary never comes');
    if (this.#state !== 'over') throw malformed('it ends before its last boundary');
  }

  /** Up to the next delimiter, or as far as none can begin. */
  #readContent(bytes: Buffer): Buffer {
    const at = bytes.indexOf(this.#delimiter);
    if (at < 0) return this.#pass(bytes, Math.max(0, bytes.length - this.#delimiter.length + 1));
    const lineEnd = this.#endOfDelimiter(bytes, at + this.#delimiter.length);
    if (lineEnd === 'unknown') return this.#pass(bytes, at);
    if (lineEnd === 'content') return this.#pass(bytes, at + 1);
    this.#pass(bytes, at);
    if (this.#state === 'content') this.#events.push({ kind: 'part-end' });
    if (lineEnd === 'last') {
      this.#state = 'over';
      return bytes;
    }
    if (this.#state === 'preamble' && bytes[lineEnd - 2] === CR) this.#delimiter = Buffer.from(`\r\n--${this.#boundary}`, 'latin1');
    this.#state = 'header';
    return bytes.subarray(lineEnd);
  }

  /** What follows a boundary: `--` when it is the last, nothing but blanks until the line ends, or more content that only looked like one. */
  #endOfDelimiter(bytes: Buffer, from: number): number | 'last' | 'content' | 'unknown' {
    if (bytes[from] === DASH && bytes[from + 1] === DASH) return 'last';
    if (bytes[from] === DASH && from + 1 === bytes.length) return 'unknown';
    for (let index = from; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte === LF) return index + 1;
      if (byte !== CR && byte !== 32 && byte !== 9) return 'content';
      if (index - from > MAX_HEADER_BYTES) return 'content';
    }
    return 'unknown';
  }

  #pass(bytes: Buffer, end: number): Buffer {
    if (end > 0 && this.#state === 'content') this.#events.push({ kind: 'data', bytes: bytes.subarray(0, end) });
    return bytes.subarray(end);
  }

  #readHeader(bytes: Buffer): Buffer {
    const end = endOfHeader(bytes);
    if ((end?.start ?? bytes.length) > MAX_HEADER_BYTES) throw malformed(`a part's headers are over ${MAX_HEADER_BYTES} bytes`);
    if (!end) return bytes;
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw malformed(`it has more than ${MAX_PARTS} parts`);
    const header = bytes.subarray(0, end.start);
    this.#events.push({ kind: 'part', header: header.toString('latin1'), ...readPartName(header.toString('utf8')) });
    this.#state = 'content';
    return bytes.subarray(end.next);
  }
}

/** Where the blank line begins, and what stands after it. */
function endOfHeader(bytes: Buffer): { readonly start: number; readonly next: number } | undefined {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1] === CR ? at + 2 : at + 1;
    if (bytes[next] === LF) return { start: bytes[at - 1] === CR ? at - 1 : at, next: next + 1 };
  }
  return undefined;
}
