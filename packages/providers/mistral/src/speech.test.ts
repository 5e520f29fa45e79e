import { type JsonObject, type ModelRequest, secret } from '@sluice/core';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { mistral } from './mistral.ts';

const provider = mistral({ env: {} });

function bodyFor(fields: JsonObject, dropUnsupported = false): JsonObject {
  const deployment = { id: 'd', provider: 'mistral', model: 'voxtral-tts', apiKey: secret('k'), parameterRules: { dropUnsupported } };
  const request: ModelRequest = { model: 'group', input: 'Grüezi', ...fields };
  return JSON.parse(String(provider.operations['audio.speech']?.toRequest({ operation: 'audio.speech', request, deployment }).body)) as JsonObject;
}

test('a voice is named as Mistral names it, and what speech does not have there is refused by name', () => {
  expect(bodyFor({ voice: 'en_paul_neutral', response_format: 'flac', user: 'ann', speed: 1 })).toEqual({
    model: 'voxtral-tts',
    input: 'Grüezi',
    voice_id: 'en_paul_neutral',
    response_format: 'flac',
  });
  expect(bodyFor({ ref_audio: 'UklGRg==' })).toMatchObject({ ref_audio: 'UklGRg==' });
  for (const [field, value] of Object.entries({ instructions: 'softly', speed: 2, response_format: 'aac', stream_format: 'sse', voice: { id: 'v' } })) {
    expect(() => bodyFor({ [field]: value })).toThrow(new RegExp(`'${field}'`));
    expect(bodyFor({ [field]: value }, true)).toEqual({ model: 'voxtral-tts', input: 'Grüezi' });
  }
});

test('the sound comes as bytes of the kind that was asked for, and its absence is an error', async () => {
  const answered = async (request: JsonObject, body: JsonObject) =>
    ask({
      provider,
      operation: 'audio.speech',
      request: { model: 'm', input: 'Grüezi', voice: 'v', ...request },
      recording: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) },
    });
  const audio_data = Buffer.from('fLaC').toString('base64');
  expect(await answered({ response_format: 'flac' }, { audio_data })).toMatchObject({ status: 200, contentType: 'audio/flac', text: 'fLaC' });
  expect(await answered({}, { audio_data })).toMatchObject({ contentType: 'audio/mpeg' });
  expect((await answered({}, { audio_data: '' })).status).toBe(502);
});
