import { GatewayError } from '../errors/gateway-error.ts';
import type { FormEvent } from './multipart-scanner.ts';

const MAX_FIELD_BYTES = 1024 * 1024;
const HEAD_BYTES = 256 * 1024;

/** Collects the texts of a form, all those of a name that comes several times, and how its first file begins. */
export class FieldReader {
  readonly values = new Map<string, string | string[]>();
  hasReachedFile = false;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #isFirstFile = false;
  #name: string | undefined;
  #text: Buffer[] = [];
  #size = 0;

  get fileHead(): Buffer {
    return Buffer.concat(this.#head);
  }

  read(event: FormEvent): void {
    switch (event.kind) {
      case 'part':
        this.#isFirstFile = event.isFile && !this.hasReachedFile;
        this.hasReachedFile ||= event.isFile;
        this.#name = event.isFile ? undefined : event.name;
        [this.#text, this.#size] = [[], 0];
        break;
      case 'data':
        if (this.#isFirstFile && this.#headBytes < HEAD_BYTES) {
          this.#head.push(event.bytes);
          this.#headBytes += event.bytes.length;
        }
        if (this.#name === undefined) break;
        this.#text.push(event.bytes);
        this.#size += event.bytes.length;
        if (this.#size > MAX_FIELD_BYTES)
          throw new GatewayError('body_too_large', `The form's field '${this.#name.slice(0, 40)}' is over ${MAX_FIELD_BYTES} bytes`);
        break;
      case 'part-end':
        if (this.#name !== undefined) this.#add(this.#name, Buffer.concat(this.#text).toString('utf8'));
        this.#name = undefined;
        break;
    }
  }

  #add(name: string, text: string): void {
    const before = this.values.get(name);
    this.values.set(name, before === undefined ? text : [before, text].flat());
  }
}
