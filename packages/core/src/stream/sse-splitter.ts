import { Carry, toBuffer } from './carry.ts';
import { NOTHING, type SplitBytes, type Splitter, type WireEvent } from './splitter.ts';

const LF = 10;
const CR = 13;
const BLANK_LINE = Buffer.from('\n\n');
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Splits `text/event-stream` at its blank lines. Only whole events leave it, so a multi-byte character
 * is never cut, and a stream that breaks off can be answered with an error event of its own.
 *
 * Every byte is looked at once. Events with nothing but a `data:` line, which is nearly all there are, take a short path.
 */
export class SseSplitter implements Splitter {
  readonly #carry: Carry;
  #lastByte = 0;
  #isStart = true;

  constructor(maxEventBytes: number) {
    this.#carry = new Carry(maxEventBytes);
  }

  push(chunk: Uint8Array): SplitBytes {
    if (chunk.length === 0) return NOTHING;
    const bytes = toBuffer(chunk);
    const end = endOfWholeEvents(bytes, this.#lastByte);
    this.#lastByte = bytes[bytes.length - 1] as number;
    if (end === 0) {
      this.#carry.keep(bytes);
      return NOTHING;
    }
    const whole = this.#carry.takeWith(bytes.subarray(0, end));
    if (end < bytes.length) this.#carry.keep(bytes.subarray(end));
    return this.#split(whole);
  }

  /** Some servers leave out the last blank line. */
  flush(): SplitBytes {
    return this.#carry.isEmpty ? NOTHING : this.#split(this.#carry.takeWith(BLANK_LINE));
  }

  #split(bytes: Buffer): SplitBytes {
    const text = bytes.toString('utf8');
    if (!this.#isStart) return split(text, bytes);
    this.#isStart = false;
    return text.startsWith(BYTE_ORDER_MARK) ? split(text.slice(1), bytes.subarray(3)) : split(text, bytes);
  }
}

/** Where the last blank line ends, given the byte that came before. A CR ends a line at once; an LF behind it adds nothing. */
function endOfWholeEvents(bytes: Buffer, lastByte: number): number {
  if (lastByte !== CR && bytes.indexOf(CR) < 0) {
    const at = bytes.lastIndexOf('\n\n');
    if (at >= 0) return at + 2;
    return lastByte === LF && bytes[0] === LF ? 1 : 0;
  }
  let end = 0;
  let before = lastByte;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    if (byte === LF && before === CR) {
      if (end === index && index > 0) end = index + 1;
    } else if ((byte === LF || byte === CR) && (before === LF || before === CR)) {
      end = index + 1;
    }
    before = byte;
  }
  return end;
}

function split(text: string, bytes: Buffer): SplitBytes {
  const normal = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  const events: WireEvent[] = [];
  let isPure = normal === text;
  for (const block of normal.split('\n\n')) {
    if (block === '') continue;
    if (block.startsWith('data: ') && !block.includes('\n')) {
      events.push({ event: undefined, data: block.slice(6) });
      continue;
    }
    const event = parseBlock(block);
    if (event) events.push(event);
    if (!event || !isNameAndData(block)) isPure = false;
  }
  return { events, wire: isPure && events.length > 0 ? bytes : undefined };
}

/** Comments, ids and waits are the connection's with the provider, and none of the caller's business. */
function isNameAndData(block: string): boolean {
  const lineEnd = block.indexOf('\n');
  return block.startsWith('event: ') && block.startsWith('data: ', lineEnd + 1) && block.indexOf('\n', lineEnd + 1) < 0;
}

function parseBlock(block: string): WireEvent | undefined {
  let event: string | undefined;
  let data: string | undefined;
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    else if (field === 'event') event = value === '' ? undefined : value;
  }
  return data === undefined ? undefined : { event, data };
}
