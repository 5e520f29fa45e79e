import { type SplitBytes, type Splitter, SseSplitter, type WireEvent } from '@sluice/core';

/**
 * A stream whose events hold plain text (`output`) or JSON (`done`, `error`), each as JSON.
 * https://replicate.com/docs/topics/predictions/streaming
 */
export class OutputSplitter implements Splitter {
  readonly #events: SseSplitter;

  constructor(maxEventBytes: number) {
    this.#events = new SseSplitter(maxEventBytes);
  }

  push(bytes: Uint8Array): SplitBytes {
    return { events: this.#events.push(bytes).events.map(toJson), wire: undefined };
  }

  /** Text that was broken off is no event; the last word may lack its blank line. */
  flush(): SplitBytes {
    return { events: this.#events.flush().events.flatMap((event) => (event.event === 'output' ? [] : [toJson(event)])), wire: undefined };
  }
}

function toJson({ event, data }: WireEvent): WireEvent {
  if (event === 'output') return { event, data: JSON.stringify({ text: data }) };
  return { event, data: data.startsWith('{') ? data : JSON.stringify({ detail: data }) };
}
