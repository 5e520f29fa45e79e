import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { quotedName } from '../requests/quoted-name.ts';
import type { FilePiece, UploadedFile } from '../types/call.ts';
import type { WireBody } from './provider.ts';

/** Values by the names of their fields; a field with several is there as often. */
export type FormFields = readonly (readonly [name: string, value: string])[];

/** A form to send. With files, which flow through, it is so once. */
export type FormBody = { readonly contentType: string; readonly body: WireBody };

export type WholeFile = UploadedFile & { readonly bytes: Buffer };

const LINE_END = Buffer.from('\r\n');

/** The one file of a form by itself, on its way through. @throws GatewayError `invalid_request` where there is none, or another. */
export async function* fileBody(files: AsyncIterable<FilePiece> | undefined, field = 'file'): AsyncGenerator<Uint8Array> {
  let found: UploadedFile | undefined;
  for await (const { file, bytes } of files ?? nothing()) {
    found ??= file;
    if (file.field !== field || file !== found) throw unexpected(file);
    if (bytes.length > 0) yield bytes;
  }
  if (!found) throw missing(field);
}

/**
 * A form of `fields` and of `files`, in the fields that `rename` names for theirs.
 * @throws GatewayError `invalid_request`, while it is read, for a file that `rename` has no field for, or where there is none.
 */
export function formBody(fields: FormFields, files?: AsyncIterable<FilePiece>, rename: (field: string) => string | undefined = (field) => field): FormBody {
  const boundary = `sluice-${randomBytes(16).toString('hex')}`;
  const open = (header: string): Buffer => Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`);

  const texts = fields.flatMap(([name, value]) => [open(`content-disposition: form-data; name="${quotedName(name)}"`), Buffer.from(value), LINE_END]);
  const end = Buffer.from(`--${boundary}--\r\n`);

  async function* withFiles(pieces: AsyncIterable<FilePiece>): AsyncGenerator<Uint8Array> {
    yield Buffer.concat(texts);
    let current: UploadedFile | undefined;
    for await (const { file, bytes } of pieces) {
      if (file !== current) {
        const name = rename(file.field);
        if (name === undefined) throw unexpected(file);
        if (current) yield LINE_END;
        yield open(`${disposition(name, file)}\r\ncontent-type: ${file.contentType}`);
        current = file;
      }
      if (bytes.length > 0) yield bytes;
    }
    if (!current) throw missing('file');
    yield Buffer.concat([LINE_END, end]);
  }

  return { contentType: `multipart/form-data; boundary=${boundary}`, body: files ? withFiles(files) : Buffer.concat([...texts, end]) };
}

/** Every one of `files`, held in memory: for providers that take them inside of JSON. */
export async function readFiles(files: AsyncIterable<FilePiece>): Promise<readonly WholeFile[]> {
  const pieces = new Map<UploadedFile, Uint8Array[]>();
  for await (const { file, bytes } of files) held(pieces, file).push(bytes);
  return [...pieces].map(([file, parts]) => ({ ...file, bytes: Buffer.concat(parts) }));
}

function held(pieces: Map<UploadedFile, Uint8Array[]>, file: UploadedFile): Uint8Array[] {
  const parts = pieces.get(file) ?? [];
  pieces.set(file, parts);
  return parts;
}

async function* nothing(): AsyncGenerator<never> {}

function disposition(name: string, { fileName = 'file' }: UploadedFile): string {
  return `content-disposition: form-data; name="${quotedName(name)}"; filename="${quotedName(fileName)}"`;
}

function missing(field: string): GatewayError {
  return new GatewayError('invalid_request', `'${field}' is missing: it is sent as a form`, { param: field });
}

function unexpected({ field }: UploadedFile): GatewayError {
  return new GatewayError('invalid_request', `The file '${field.slice(0, 40)}' is not one that this call takes here`, { param: field.slice(0, 40) });
}
