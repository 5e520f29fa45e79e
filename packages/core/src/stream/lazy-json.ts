import type { Json } from '../types/json.ts';

/** JSON from bytes, text or a value; the other two forms are made once, when asked for. */
export class LazyJson<T> implements Json<T> {
  #value: T | undefined;
  #text: string | undefined;
  #bytes: Uint8Array | undefined;

  private constructor(value: T | undefined, text: string | undefined, bytes: Uint8Array | undefined) {
    this.#value = value;
    this.#text = text;
    this.#bytes = bytes;
  }

  static ofValue<T>(value: T): LazyJson<T> {
    return new LazyJson<T>(value, undefined, undefined);
  }

  static ofText<T>(text: string): LazyJson<T> {
    return new LazyJson<T>(undefined, text, undefined);
  }

  static ofBytes<T>(bytes: Uint8Array): LazyJson<T> {
    return new LazyJson<T>(undefined, undefined, bytes);
  }

  /** @throws SyntaxError when the text is not JSON. */
  get value(): T {
    if (this.#value === undefined) this.#value = JSON.parse(this.text) as T;
    return this.#value;
  }

  get text(): string {
    if (this.#text === undefined) this.#text = this.#bytes === undefined ? JSON.stringify(this.#value) : toText(this.#bytes);
    return this.#text;
  }

  get bytes(): Uint8Array {
    if (this.#bytes === undefined) this.#bytes = Buffer.from(this.text);
    return this.#bytes;
  }
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
