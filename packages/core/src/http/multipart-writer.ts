import { quotedName } from '../requests/quoted-name.ts';
import type { FormOptions, FormValues } from '../types/upload.ts';
import { malformed } from './multipart-headers.ts';
import { toBuffer } from '../stream/carry.ts';
import type { FormEvent } from './multipart-scanner.ts';

/**
 * Frames a form again, with the fields given in `replace` at its head and left out wherever else they stand, as those
 * of `without` are.
 * @throws GatewayError `invalid_request` for a part that `mayPass` does not let through.
 */
export class FormWriter {
  readonly #boundary: string;
  readonly #replace: FormValues;
  readonly #options: FormOptions;
  #pieces: Buffer[] = [];
  #isLeftOut = false;
  #isFile = false;

  constructor(boundary: string, replace: FormValues, options: FormOptions = {}) {
    this.#boundary = boundary;
    this.#replace = replace;
    this.#options = options;
    for (const [name, value] of Object.entries(replace).flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const))) {
      if (value.includes(`--${boundary}`)) throw malformed(`its boundary stands in the value for '${name}'`);
      this.#pieces.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${quotedName(name)}"\r\n\r\n${value}\r\n`));
    }
  }

  async write(events: readonly FormEvent[]): Promise<Buffer> {
    for (const event of events) {
      if (event.kind === 'part') {
        const { without = [], mayPass = everything } = this.#options;
        this.#isFile = event.isFile;
        this.#isLeftOut = Object.hasOwn(this.#replace, event.name) || without.includes(event.name);
        if (!this.#isLeftOut && !mayPass(event)) throw malformed(`its part '${event.name.slice(0, 40)}' may not stand behind a file`);
      }
      if (!this.#isLeftOut) this.#pieces.push(await this.#toBytes(event));
    }
    return this.#take();
  }

  end(): Buffer {
    this.#pieces.push(Buffer.from(`--${this.#boundary}--\r\n`, 'latin1'));
    return this.#take();
  }

  async #toBytes(event: FormEvent): Promise<Buffer> {
    switch (event.kind) {
      case 'part':
        return Buffer.from(`--${this.#boundary}\r\n${event.header.replaceAll(/\r?\n/g, '\r\n')}\r\n\r\n`, 'latin1');
      case 'data':
        return this.#rewriter ? toBuffer(await this.#rewriter.push(event.bytes)) : event.bytes;
      case 'part-end':
        return Buffer.concat([...(this.#rewriter ? [await this.#rewriter.end()] : []), Buffer.from('\r\n')]);
    }
  }

  get #rewriter(): FormOptions['rewriteFile'] {
    return this.#isFile ? this.#options.rewriteFile : undefined;
  }

  #take(): Buffer {
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first ? first : Buffer.concat(this.#pieces);
    this.#pieces = [];
    return bytes;
  }
}

function everything(): boolean {
  return true;
}
