import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors/gateway-error.ts';
import { turns } from '../stream/turns.ts';

const HIGH_WATER_BYTES = 256 * 1024;

/** Turns of the loop until a connection that nobody wants any more is closed: what has arrived by then will be charged for. */
export const LAST_TURNS = 2;

/**
 * The body of an answer, read at the reader's pace: what arrives between two reads comes as one piece,
 * and the socket is paused when the reader falls behind.
 */
export class UpstreamBody implements AsyncIterableIterator<Uint8Array> {
  readonly #controller: Dispatcher.DispatchController;
  #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #ended = false;
  #failure: GatewayError | undefined;
  #waiting: { resolve(result: IteratorResult<Uint8Array>): void; reject(error: GatewayError): void } | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whether so much waits for the reader that the provider was told to wait too. */
  get isFull(): boolean {
    return this.#queuedBytes >= HIGH_WATER_BYTES;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#take();
    if (chunk) return Promise.resolve({ done: false, value: chunk });
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** The whole body when it has all arrived already, as short answers have: without waiting a turn for each piece. */
  takeIfWhole(limitBytes: number): Buffer | undefined {
    return this.#ended && this.#failure === undefined && this.#queuedBytes <= limitBytes ? this.#take() : undefined;
  }

  /** What has arrived and was not read, for the books of an answer that nobody reads on. */
  takeArrived(): Buffer | undefined {
    const arrived = this.#chunks.length === 0 ? undefined : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return arrived;
  }

  /** Closes the connection: nobody wants the rest. */
  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#ended && !this.#failure) {
      const failure = new GatewayError('aborted', 'The rest of the answer was not wanted');
      this.#failure = failure;
      void turns(LAST_TURNS).then(() => this.#controller.abort(failure));
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** For the transport. */
  push(chunk: Buffer): void {
    if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.isFull) this.#controller.pause();
  }

  /** For the transport. */
  end(): void {
    this.#ended = true;
    this.#waiting?.resolve({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  /** For the transport. */
  fail(error: GatewayError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }

  #take(): Buffer | undefined {
    const [first] = this.#chunks;
    if (first === undefined) return undefined;
    const chunk = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (this.isFull) this.#controller.resume();
    this.#queuedBytes = 0;
    return chunk;
  }
}
