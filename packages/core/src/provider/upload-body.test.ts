import { describe, expect, it } from 'vitest';
import type { UploadedFile } from '../types/upload.ts';
import { filesIn, formBody, formTexts, onlyFile } from './upload-body.ts';

const sound: UploadedFile = { field: 'file', fileName: 'a "b".wav', contentType: 'audio/wav', bytes: Buffer.from('RIFF\r\n') };
const image: UploadedFile = { field: 'image[]', contentType: 'image/png', bytes: Buffer.from('PNG') };

describe('the one file of a form', () => {
  it('is found', () => {
    expect(onlyFile({ fields: {}, files: [sound] })).toBe(sound);
  });

  it.each([
    ['no form', undefined, "'file' is missing"],
    ['no file', [], "'file' is missing"],
    ['another field', [sound, image], "'image[]' is not one"],
    ['a second file', [sound, sound], "One 'file' is taken"],
  ])('is not, with %s', (_, files, message) => {
    expect(() => onlyFile(files && { fields: {}, files })).toThrow(message);
  });
});

it('files of a form are told from those that nobody would send', () => {
  expect(filesIn({ fields: {}, files: [image] }, ['image', 'image[]'])).toEqual([image]);
  expect(() => filesIn({ fields: {}, files: [image, sound] }, ['image', 'image[]'])).toThrow("'file' is not one");
});

it('fields of a form are texts: each item of a list its own, objects as JSON', () => {
  expect(formTexts({ a: ['x', 1], b: { c: true }, d: false, e: undefined })).toEqual([
    ['a', 'x'],
    ['a', '1'],
    ['b', '{"c":true}'],
    ['d', 'false'],
  ]);
});

it('a form holds fields and files', async () => {
  const texts = [
    ['prompt', 'ä\r\n'],
    ['tag "1"', 'a'],
    ['tag "1"', 'b'],
  ] as const;
  const { contentType, body } = formBody(texts, [sound, { ...image, field: 'image' }]);
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const parts = await Promise.all(
    [...form].map(async ([name, value]) => [name, typeof value === 'string' ? value : `${value.name} ${value.type} ${await value.text()}`]),
  );
  expect(parts).toEqual([...texts, ['file', 'a "b".wav audio/wav RIFF\r\n'], ['image', 'file image/png PNG']]);
});
