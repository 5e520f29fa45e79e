import { Carry, type SplitBytes, type Splitter, type WireEvent } from '@sluice/core';

const NUL = 0;
/** Names the event that says that a stream is complete. */
export const END = 'end';

/**
 * Pieces of text with a zero byte after each, as the official clients read them; the end is that of the body. One whose
 * connection breaks is never flushed. https://github.com/nlpcloud/nlpcloud-go#streaming
 */
export class PieceSplitter implements Splitter {
  readonly #carry: Carry;

  constructor(maxEventBytes: number) {
    this.#carry = new Carry(maxEventBytes);
  }

  push(bytes: Uint8Array): SplitBytes {
    const end = bytes.lastIndexOf(NUL) + 1;
    const whole = end === 0 ? undefined : this.#carry.takeWith(Buffer.from(bytes.subarray(0, end)));
    if (end < bytes.length) this.#carry.keep(Buffer.from(bytes.subarray(end)));
    return { events: whole === undefined ? [] : toEvents(whole), wire: undefined };
  }

  flush(): SplitBytes {
    const rest = this.#carry.isEmpty ? [] : toEvents(this.#carry.takeWith(Buffer.from([NUL])));
    return { events: [...rest, { event: END, data: '{}' }], wire: undefined };
  }
}

function toEvents(bytes: Buffer): readonly WireEvent[] {
  const pieces = bytes.toString('utf8').split('\0').slice(0, -1);
  return pieces.filter((piece) => piece !== '').map((text) => ({ event: undefined, data: JSON.stringify({ text }) }));
}
