import type { UploadedFile, WholeForm } from '../types/upload.ts';
import { FieldReader } from './multipart-fields.ts';
import { readFileHeaders } from './multipart-headers.ts';
import { type FormEvent, MultipartScanner } from './multipart-scanner.ts';

/** All that is in a form. @throws GatewayError `invalid_request` */
export function readWholeForm(boundary: string, chunks: readonly Uint8Array[]): WholeForm {
  const scanner = new MultipartScanner(boundary);
  const fields = new FieldReader();
  const files = new FileReader();
  for (const chunk of chunks) {
    for (const event of scanner.push(chunk)) {
      fields.read(event);
      files.read(event);
    }
  }
  scanner.end();
  return { fields: Object.fromEntries(fields.values), files: files.files };
}

class FileReader {
  readonly files: UploadedFile[] = [];
  #pieces: Buffer[] | undefined;

  read(event: FormEvent): void {
    if (event.kind === 'part') this.#pieces = event.isFile ? [] : undefined;
    if (event.kind === 'part' && event.isFile) this.files.push({ ...readHead(event), bytes: Buffer.alloc(0) });
    if (event.kind === 'data') this.#pieces?.push(event.bytes);
    if (event.kind === 'part-end' && this.#pieces) this.files.push({ ...(this.files.pop() as UploadedFile), bytes: Buffer.concat(this.#pieces) });
  }
}

function readHead({ name, header }: Extract<FormEvent, { readonly kind: 'part' }>): Omit<UploadedFile, 'bytes'> {
  const { fileName, contentType = 'application/octet-stream' } = readFileHeaders(Buffer.from(header, 'latin1').toString('utf8'));
  return { field: name, fileName, contentType: contentType.replaceAll(/[\r\n]/g, ' ') };
}
