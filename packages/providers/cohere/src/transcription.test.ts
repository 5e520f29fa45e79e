import { type JsonObject, type ProviderCall, secret } from '@sluice/core';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { cohere } from './cohere.ts';

const provider = cohere({ env: {} });
const file = { field: 'file', fileName: 'a.wav', contentType: 'audio/wav', bytes: Buffer.from('RIFF') };

function sentFor(fields: JsonObject, dropUnsupported = false): { readonly url: string; readonly form: string } {
  const call: ProviderCall = {
    operation: 'audio.transcribe',
    request: { model: 'group', ...fields },
    form: { fields: {}, files: [file] },
    deployment: { id: 'd', provider: 'cohere', model: 'cohere-transcribe-03-2026', apiKey: secret('k'), parameterRules: { dropUnsupported } },
  };
  const { url = '', body } = provider.operations['audio.transcribe']?.toRequest(call) ?? {};
  return { url, form: Buffer.from(body as Uint8Array).toString('latin1') };
}

test('the fields of a recording stand before it, as Cohere reads them', () => {
  const { url, form } = sentFor({ language: 'en', temperature: '0.2', user: 'ann' });
  expect(url).toBe('https://api.cohere.com/v2/audio/transcriptions');
  expect([...form.matchAll(/name="(\w+)"/g)].map(([, name]) => name)).toEqual(['model', 'language', 'temperature', 'file']);
  expect(form).toContain('cohere-transcribe-03-2026');
});

test('what Cohere does not have is refused by name, and a language is asked for', () => {
  expect(() => sentFor({})).toThrow(/told the language/);
  for (const [field, value] of Object.entries({ prompt: 'Names: Meyer', response_format: 'srt', stream: 'true' })) {
    expect(() => sentFor({ language: 'en', [field]: value })).toThrow(new RegExp(`'${field}'`));
    expect(sentFor({ language: 'en', [field]: value }, true).form).not.toContain(`"${field}"`);
  }
});

test('a transcript comes as JSON, or as text where that was asked for', async () => {
  const recording = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ text: 'Grüezi' })) };
  const answered = (format?: string) =>
    ask({ provider, operation: 'audio.transcribe', request: { model: 'm', language: 'de', ...(format && { response_format: format }) }, recording });
  expect(JSON.parse((await answered()).text)).toEqual({ text: 'Grüezi' });
  expect(await answered('text')).toMatchObject({ contentType: 'text/plain; charset=utf-8', text: 'Grüezi' });
});
