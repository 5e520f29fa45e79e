import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { quotedName } from '../requests/quoted-name.ts';
import type { UploadedFile, WholeForm } from '../types/upload.ts';
import type { JsonObject } from '../types/json.ts';

/** Values by the names of their fields; a field with several is there as often. */
export type FormFields = readonly (readonly [name: string, value: string])[];

export type FormBody = { readonly contentType: string; readonly body: Buffer };

const LINE_END = Buffer.from('\r\n');

/** The one file of a form. @throws GatewayError `invalid_request` where there is none, or another. */
export function onlyFile(form: WholeForm | undefined, field = 'file'): UploadedFile {
  const [file, second] = filesIn(form, [field]);
  if (!file) throw new GatewayError('invalid_request', `'${field}' is missing: it is sent as a form`, { param: field });
  if (second) throw new GatewayError('invalid_request', `One '${field}' is taken, not several`, { param: field });
  return file;
}

/** The files of a form, which stand in these fields. @throws GatewayError `invalid_request` for one that does not, because it would be lost. */
export function filesIn(form: WholeForm | undefined, fields: readonly string[]): readonly UploadedFile[] {
  const files = form?.files ?? [];
  const other = files.find(({ field }) => !fields.includes(field));
  if (other) throw new GatewayError('invalid_request', `The file '${other.field.slice(0, 40)}' is not one that this call takes here`, { param: other.field });
  return files;
}

/** The fields of a request for a form: a list gives its name once for each of its items, an object is JSON. */
export function formTexts(fields: JsonObject): FormFields {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((item) => [name, toText(item)] as const)));
}

/** A form of `fields` and `files`, to send. */
export function formBody(fields: FormFields, files: readonly UploadedFile[] = []): FormBody {
  const boundary = `sluice-${randomBytes(16).toString('hex')}`;
  const part = (header: string, content: Buffer): Buffer[] => [Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`), content, LINE_END];
  const parts = [
    ...fields.flatMap(([name, value]) => part(disposition(name), Buffer.from(value))),
    ...files.flatMap((file) =>
      part(`${disposition(file.field)}; filename="${quotedName(file.fileName ?? 'file')}"\r\ncontent-type: ${file.contentType}`, file.bytes),
    ),
    Buffer.from(`--${boundary}--\r\n`),
  ];
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function disposition(name: string): string {
  return `content-disposition: form-data; name="${quotedName(name)}"`;
}
