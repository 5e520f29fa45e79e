import { EventStreamSplitter } from '@sluice/aws-wire';
import { type SplitBytes, type Splitter, SseSplitter, type WireEvent } from '@sluice/core';

const PART = 'PayloadPart';

/**
 * The events that a container sends, out of the frames that Amazon wraps its bytes in. A frame ends where the
 * container's write did, and be it within a character.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_PayloadPart.html
 */
export class PayloadSplitter implements Splitter {
  readonly #frames: EventStreamSplitter;
  readonly #payload: SseSplitter;

  constructor(maxEventBytes: number) {
    this.#frames = new EventStreamSplitter(maxEventBytes, 'latin1');
    this.#payload = new SseSplitter(maxEventBytes);
  }

  push(bytes: Uint8Array): SplitBytes {
    return { events: this.#frames.push(bytes).events.flatMap((frame) => this.#unwrap(frame)), wire: undefined };
  }

  flush(): SplitBytes {
    return { events: this.#payload.flush().events, wire: undefined };
  }

  #unwrap(frame: WireEvent): readonly WireEvent[] {
    return frame.event === PART ? this.#payload.push(Buffer.from(frame.data, 'latin1')).events : [frame];
  }
}
