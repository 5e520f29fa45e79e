import { GatewayError } from '../errors/gateway-error.ts';
import { type Holder, LARGE_BYTES, noteLarge } from './large-carries.ts';

const SMALLEST_BYTES = 4096;

/**
 * The beginning of an event whose end has not come yet. Every byte is copied twice, however small the pieces: into a
 * segment, and out of it. All there are in a process hold only so much together, so that ten streams with an endless
 * event do not hurt others.
 */
export class Carry implements Holder {
  readonly #maxBytes: number;
  /** Each twice as large as the one before, up to a size at which they stay. */
  #segments: Buffer[] = [];
  /** What is left in the last one. */
  #room = 0;
  #length = 0;
  #hasLetGo = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get heldBytes(): number {
    return this.#length + this.#room;
  }

  letGo(): void {
    this.#forget(0);
    this.#hasLetGo = true;
  }

  /** @throws GatewayError `upstream_invalid_answer` past the limit. */
  keep(bytes: Buffer): void {
    const size = this.#length + bytes.length;
    if (size > this.#maxBytes) throw new GatewayError('upstream_invalid_answer', `The provider's stream has an event over ${this.#maxBytes} bytes`);
    for (let at = 0; at < bytes.length; ) {
      if (this.#room === 0) this.#grow();
      this.#mustHold();
      const last = this.#segments.at(-1) as Buffer;
      const copied = bytes.copy(last, last.length - this.#room, at);
      this.#room -= copied;
      this.#length += copied;
      at += copied;
    }
  }

  /** All that was kept, with `bytes` behind it; nothing is kept any more. @throws GatewayError as {@link Carry.keep} */
  takeWith(bytes: Buffer): Buffer {
    this.#mustHold();
    if (this.#length === 0) return bytes;
    const last = this.#segments.at(-1) as Buffer;
    const taken = Buffer.concat([...this.#segments.slice(0, -1), last.subarray(0, last.length - this.#room), bytes]);
    this.#forget(1);
    return taken;
  }

  /** All but so many segments, which are used again. */
  #forget(kept: number): void {
    this.#segments.length = Math.min(this.#segments.length, kept);
    this.#room = this.#segments[0]?.length ?? 0;
    this.#length = 0;
  }

  #grow(): void {
    const size = Math.min(LARGE_BYTES, 2 * (this.#segments.at(-1)?.length ?? SMALLEST_BYTES / 2));
    this.#segments.push(Buffer.allocUnsafe(size));
    this.#room = size;
    if (size === LARGE_BYTES) noteLarge(this);
  }

  #mustHold(): void {
    if (this.#hasLetGo) throw new GatewayError('upstream_invalid_answer', "The provider's stream has an event that is too long beside those of other streams");
  }
}

/** The same bytes, with what a Buffer can do. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
