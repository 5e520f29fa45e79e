import { GatewayError } from '../errors/gateway-error.ts';
import { bodyTooLarge } from './read-body.ts';

/**
 * A request body read by hand: counted against the limit, and never closed half way, because closing Node's
 * request closes the socket that the answer has to go out on.
 */
export class UploadSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #limitBytes: number;
  #size = 0;
  #isOver = false;
  #isDiscarded = false;

  constructor(stream: AsyncIterable<Uint8Array>, limitBytes: number) {
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#limitBytes = limitBytes;
  }

  get size(): number {
    return this.#size;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws GatewayError `body_too_large`, or `aborted` when the caller leaves in the middle. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#isDiscarded) throw new GatewayError('aborted', 'The rest of the body was not wanted');
    if (this.#isOver) return undefined;
    const chunk = await this.#pull();
    if (chunk) this.#size += chunk.length;
    if (this.#size > this.#limitBytes) throw bodyTooLarge(this.#limitBytes);
    return chunk;
  }

  /** Reads off what nobody wants any more, up to the limit once more, so that the caller comes to read the answer. */
  async discard(): Promise<void> {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    try {
      for (let left = this.#limitBytes; left > 0 && !this.#isOver; ) left -= (await this.#pull())?.length ?? 0;
    } catch {
      // The caller has left: there is nothing more to read, and nobody to tell.
    }
  }

  async #pull(): Promise<Uint8Array | undefined> {
    try {
      const result = await this.#iterator.next();
      if (!result.done) return result.value;
      this.#isOver = true;
      return undefined;
    } catch (cause) {
      this.#isOver = true;
      throw GatewayError.is(cause) ? cause : new GatewayError('aborted', 'The caller left before the body was complete', { cause });
    }
  }
}
