import { GatewayError } from '../errors/gateway-error.ts';

const EMPTY = Buffer.alloc(0);

/** The beginning of an event whose end has not come yet. Every byte is copied at most twice, however small the pieces. */
export class Carry {
  readonly #maxBytes: number;
  #bytes = EMPTY;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** @throws GatewayError `upstream_invalid_answer` past the limit. */
  keep(bytes: Buffer): void {
    const size = this.#length + bytes.length;
    if (size > this.#maxBytes) throw new GatewayError('upstream_invalid_answer', `The provider's stream has an event over ${this.#maxBytes} bytes`);
    if (size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(size, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#length);
    this.#length = size;
  }

  /** All that was kept, with `bytes` behind it; nothing is kept any more. */
  takeWith(bytes: Buffer): Buffer {
    if (this.#length === 0) return bytes;
    const taken = Buffer.concat([this.#bytes.subarray(0, this.#length), bytes]);
    this.#length = 0;
    return taken;
  }
}

/** The same bytes, with what a Buffer can do. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
