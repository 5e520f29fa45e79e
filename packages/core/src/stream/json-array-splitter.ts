import { GatewayError } from '../errors/gateway-error.ts';
import { Carry, toBuffer } from './carry.ts';
import { NOTHING, type SplitBytes, type Splitter, type WireEvent } from './splitter.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
/** A list's brackets and commas, white space, and the bytes of a byte order mark. */
const BETWEEN = new Set([OPEN_LIST, CLOSE_LIST, 44, 32, 9, 10, 13, 0xef, 0xbb, 0xbf]);

/**
 * Splits a list of objects that is written bit by bit (`application/json`): an event an object. An object without a
 * list around it, as errors are, is one event. Every byte is looked at once.
 */
export class JsonArraySplitter implements Splitter {
  readonly #carry: Carry;
  /** Objects and lists that are open; 0 between two events. */
  #depth = 0;
  #isInText = false;
  #isEscaped = false;

  constructor(maxEventBytes: number) {
    this.#carry = new Carry(maxEventBytes);
  }

  push(chunk: Uint8Array): SplitBytes {
    const bytes = toBuffer(chunk);
    const events: WireEvent[] = [];
    let start = 0;
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index] as number;
      if (this.#depth === 0) {
        if (byte === OPEN_OBJECT) [start, this.#depth] = [index, 1];
        else if (!BETWEEN.has(byte)) throw new GatewayError('upstream_invalid_answer', "The provider's stream is not a list of objects", { retryable: true });
      } else if (this.#closes(byte)) {
        events.push({ event: undefined, data: this.#carry.takeWith(bytes.subarray(start, index + 1)).toString('utf8') });
      }
    }
    if (this.#depth > 0) this.#carry.keep(bytes.subarray(start));
    return events.length === 0 ? NOTHING : { events, wire: undefined };
  }

  /** Nothing: an object without its end is none. */
  flush(): SplitBytes {
    return NOTHING;
  }

  /** Whether an event ends with this byte of it. */
  #closes(byte: number): boolean {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isInText = false;
      return false;
    }
    if (byte === QUOTE) this.#isInText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth -= 1;
    return this.#depth === 0;
  }
}
