import { type SplitBytes, type Splitter, SseSplitter } from '@sluice/core';

/** Names the event that says that a stream is complete. */
export const END = 'end';

/**
 * Server-sent events without a word for their end: it is that the body ends as HTTP has it. One whose connection breaks
 * is never flushed.
 */
export class EndedSplitter implements Splitter {
  readonly #events: SseSplitter;

  constructor(maxEventBytes: number) {
    this.#events = new SseSplitter(maxEventBytes);
  }

  push(bytes: Uint8Array): SplitBytes {
    return { events: this.#events.push(bytes).events, wire: undefined };
  }

  flush(): SplitBytes {
    return { events: [...this.#events.flush().events, { event: END, data: '{}' }], wire: undefined };
  }
}
