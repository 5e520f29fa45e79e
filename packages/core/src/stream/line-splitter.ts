import { Carry, toBuffer } from './carry.ts';
import { NOTHING, type SplitBytes, type Splitter } from './splitter.ts';

const LF = 10;
const END_OF_LINE = Buffer.from('\n');

/** Splits JSON lines (`application/x-ndjson`): an event a line, empty ones left out. */
export class LineSplitter implements Splitter {
  readonly #carry: Carry;

  constructor(maxEventBytes: number) {
    this.#carry = new Carry(maxEventBytes);
  }

  push(chunk: Uint8Array): SplitBytes {
    const bytes = toBuffer(chunk);
    const end = bytes.lastIndexOf(LF) + 1;
    const whole = end === 0 ? undefined : this.#carry.takeWith(bytes.subarray(0, end));
    if (end < bytes.length) this.#carry.keep(bytes.subarray(end));
    return whole === undefined ? NOTHING : split(whole);
  }

  flush(): SplitBytes {
    return this.#carry.isEmpty ? NOTHING : split(this.#carry.takeWith(END_OF_LINE));
  }
}

/** `trim` takes a byte order mark and the CR of a CRLF with it. */
function split(bytes: Buffer): SplitBytes {
  const lines = bytes.toString('utf8').split('\n');
  const texts = lines.map((line) => line.trim()).filter((text) => text !== '');
  return { events: texts.map((data) => ({ event: undefined, data })), wire: undefined };
}
