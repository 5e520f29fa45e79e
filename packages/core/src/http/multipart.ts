import { GatewayError } from '../errors/gateway-error.ts';
import type { FormOptions, FormValues, Upload, WholeForm } from '../types/upload.ts';
import type { HttpBody } from './http-types.ts';
import { FieldReader } from './multipart-fields.ts';
import { readWholeForm } from './multipart-files.ts';
import { readBoundary } from './multipart-headers.ts';
import { MultipartScanner } from './multipart-scanner.ts';
import { FormWriter } from './multipart-writer.ts';
import { UploadSource } from './upload-source.ts';

export type IncomingUpload = {
  readonly upload: Upload;
  /** To be called when the call is over: lets go of what was not read. */
  readonly discard: () => void;
};

/** Up to here a form is held in memory whatever its order, so that it can be sent again. */
const ALWAYS_HELD_BYTES = 256 * 1024;

export type UploadRules = {
  readonly limitBytes: number;
  /** Whether nothing can be done before the model is known. Else what stands before the file has to be enough. */
  readonly needsModel: boolean;
};

/**
 * Reads a form until the model is known. When the model stands before the file, or is not needed, a large file is left
 * to flow through; when it stands behind, the whole form is held, up to `limitBytes`.
 *
 * @throws GatewayError `invalid_request`, `body_too_large`, `body_missing`, `aborted`.
 */
export async function readUpload(body: HttpBody, contentType: string, { limitBytes, needsModel }: UploadRules): Promise<IncomingUpload> {
  const boundary = readBoundary(contentType);
  const heldBytes = body.kind === 'bytes' ? Number.POSITIVE_INFINITY : ALWAYS_HELD_BYTES;
  const source = new UploadSource(streamOf(body), limitBytes);
  const scanner = new MultipartScanner(boundary);
  const fields = new FieldReader();
  const held: Uint8Array[] = [];
  try {
    while (!(fields.hasReachedFile && (!needsModel || fields.values.has('model')) && source.size > heldBytes)) {
      const chunk = await source.next();
      if (!chunk) break;
      held.push(chunk);
      for (const event of scanner.push(chunk)) fields.read(event);
    }
    if (source.isOver) scanner.end();
  } catch (error) {
    void source.discard();
    throw error;
  }
  return { upload: new FormUpload(contentType, boundary, { fields, held, source }), discard: () => void source.discard() };
}

type ReadSoFar = { readonly fields: FieldReader; readonly held: Uint8Array[]; readonly source: UploadSource };

class FormUpload implements Upload {
  readonly contentType: string;
  readonly fields: FormValues;
  readonly #fields: FieldReader;
  readonly #boundary: string;
  readonly #held: Uint8Array[];
  readonly #source: UploadSource;
  #isWhole: boolean;
  #hasBegun = false;
  #whole: Promise<WholeForm> | undefined;

  constructor(contentType: string, boundary: string, { fields, held, source }: ReadSoFar) {
    this.contentType = contentType;
    this.fields = Object.fromEntries(fields.values);
    this.#fields = fields;
    this.#boundary = boundary;
    this.#held = held;
    this.#source = source;
    this.#isWhole = source.isOver;
  }

  get fileHead(): Uint8Array {
    return this.#fields.fileHead;
  }

  get isReplayable(): boolean {
    return this.#isWhole || !this.#hasBegun;
  }

  /** Framed anew, so that what the provider reads is what was read here: a field given in `replace` is there once. */
  body(replace: FormValues, options?: FormOptions): AsyncIterable<Uint8Array> {
    const scanner = new MultipartScanner(this.#boundary);
    const writer = new FormWriter(this.#boundary, replace, options);
    let index = 0;
    let isOver = false;

    const read = async (): Promise<Uint8Array | undefined> => {
      this.#hasBegun = true;
      return index < this.#held.length ? this.#held[index++] : this.#source.next();
    };
    const iterator: AsyncIterableIterator<Uint8Array> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        while (!isOver) {
          const chunk = await read();
          if (!chunk) {
            isOver = true;
            scanner.end();
            return { done: false, value: writer.end() };
          }
          const framed = await writer.write(scanner.push(chunk));
          if (framed.length > 0) return { done: false, value: framed };
        }
        return { done: true, value: undefined };
      },
      return() {
        isOver = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return iterator;
  }

  whole(): Promise<WholeForm> {
    return (this.#whole ??= this.#readWhole());
  }

  async #readWhole(): Promise<WholeForm> {
    for (let chunk = await this.#source.next(); chunk; chunk = await this.#source.next()) this.#held.push(chunk);
    this.#isWhole = true;
    return readWholeForm(this.#boundary, this.#held);
  }
}

function streamOf(body: HttpBody): AsyncIterable<Uint8Array> {
  switch (body.kind) {
    case 'stream':
      return body.stream;
    case 'bytes':
      return once(body.bytes);
    default:
      throw new GatewayError('body_missing', 'The form is missing. If something that reads forms runs before the gateway, mount the gateway above it.');
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
