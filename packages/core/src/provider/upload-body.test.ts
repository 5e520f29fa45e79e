import { describe, expect, it } from 'vitest';
import type { FilePiece, UploadedFile } from '../types/call.ts';
import { fileBody, formBody, readFiles } from './upload-body.ts';

const sound: UploadedFile = { field: 'file', fileName: 'a "b".wav', contentType: 'audio/wav' };
const image: UploadedFile = { field: 'image[]', fileName: undefined, contentType: 'image/png' };

async function* pieces(...parts: readonly (readonly [UploadedFile, string])[]): AsyncGenerator<FilePiece> {
  for (const [file, text] of parts) yield { file, bytes: Buffer.from(text) };
}

async function bytesOf(body: unknown): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>)) parts.push(part);
  return Buffer.concat(parts);
}

async function formOf({ contentType, body }: { readonly contentType: string; readonly body: unknown }): Promise<readonly (readonly [string, string])[]> {
  const form = await new Response(await bytesOf(body), { headers: { 'content-type': contentType } }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : `${value.name} ${value.type} ${await value.text()}`] as const),
  );
}

describe('a file by itself', () => {
  it('is its bytes, however they are cut', async () => {
    expect(String(await bytesOf(fileBody(pieces([sound, ''], [sound, 'RI'], [sound, 'FF']))))).toBe('RIFF');
  });

  it.each([
    ['no form', undefined, /'file' is missing/],
    ['no file', pieces(), /'file' is missing/],
    ['another field', pieces([image, 'x']), /'image\[\]' is not one/],
    ['a second file', pieces([sound, 'x'], [{ ...sound }, 'y']), /'file' is not one/],
  ])('is refused with %s', async (_, files, message) => {
    await expect(bytesOf(fileBody(files))).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) });
  });
});

describe('a form', () => {
  it('holds fields and files by their new names', async () => {
    const rename = (field: string) => (field === 'image[]' ? 'image' : field);
    const files = pieces([sound, ''], [sound, 'RIFF'], [image, ''], [image, 'P'], [image, 'NG']);
    expect(
      await formOf(
        formBody(
          [
            ['prompt', 'ä\r\n'],
            ['tag', 'a'],
            ['tag', 'b'],
          ],
          files,
          rename,
        ),
      ),
    ).toEqual([
      ['prompt', 'ä\r\n'],
      ['tag', 'a'],
      ['tag', 'b'],
      ['file', 'a "b".wav audio/wav RIFF'],
      ['image', 'file image/png PNG'],
    ]);
  });

  it('without files can be sent again', async () => {
    const form = formBody([['prompt', 'a']]);
    for (let time = 0; time < 2; time += 1) expect(await formOf(form)).toEqual([['prompt', 'a']]);
  });

  it('breaks off at a file that has no place in it', async () => {
    const { body } = formBody([], pieces([image, 'x']), () => undefined);
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'invalid_request', param: 'image[]' });
  });
});

it('files are held as a whole, one by one', async () => {
  const files = await readFiles(pieces([sound, ''], [sound, 'a'], [sound, 'b'], [image, '']));
  expect(files.map(({ field, bytes }) => [field, String(bytes)])).toEqual([
    ['file', 'ab'],
    ['image[]', ''],
  ]);
});
