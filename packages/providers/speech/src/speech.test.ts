import type { JsonObject } from '@sluice/core';
import { type Answered, ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { sound } from './answers.test.support.ts';
import { provider as pack } from './provider-package.ts';

async function spoken(host: string, fields: JsonObject = {}, deployment: JsonObject = {}): Promise<Answered> {
  const provider = pack.providers.find(({ name }) => name === host);
  if (!provider) throw new Error(`There is no '${host}'`);
  return ask({ provider, operation: 'audio.speech', request: { model: 'm', input: 'Grüezi!', voice: 'a-voice', ...fields }, recording: sound, deployment });
}

async function sentBy(...args: Parameters<typeof spoken>): Promise<{ path: string; query: JsonObject; body: unknown; headers: JsonObject }> {
  const { sent, status, text } = await spoken(...args);
  expect(status, text).toBe(200);
  const { pathname, searchParams } = new URL(sent?.url ?? '');
  return { path: pathname, query: Object.fromEntries(searchParams), body: JSON.parse(String(sent?.body)), headers: sent?.headers ?? {} };
}

const SPEAKERS = ['deepgram', 'elevenlabs', 'cartesia', 'xai_audio'];

describe.each(SPEAKERS)('speech of %s', (host) => {
  test('comes as it is, and is paid by the character', async () => {
    const { bytes, contentType, usage } = await spoken(host);
    expect([bytes.equals(Buffer.from(sound.body)), contentType]).toEqual([true, 'audio/mpeg']);
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 0, characters: 7 });
  });

  test.each([
    [{ response_format: 'midi' }, 'response_format'],
    [{ stream_format: 'sse' }, 'stream_format'],
    [{ instructions: 'Whisper' }, 'instructions'],
    [{ something: 1 }, 'something'],
  ])('is refused for %o', async (fields, param) => {
    const { status, text, sent } = await spoken(host, fields);
    expect([status, JSON.parse(text), sent]).toMatchObject([400, { error: { code: 'unsupported_parameter', param } }, undefined]);
  });

  test('is asked for without what says nothing', async () => {
    expect((await spoken(host, { speed: 1, instructions: '', stream_format: 'audio', user: 'u' })).status).toBe(200);
  });
});

describe('Deepgram', () => {
  test.each([
    [undefined, { encoding: 'mp3' }],
    ['opus', { encoding: 'opus', container: 'ogg' }],
    ['aac', { encoding: 'aac' }],
    ['flac', { encoding: 'flac' }],
    ['wav', { encoding: 'linear16', container: 'wav', sample_rate: '24000' }],
    ['pcm', { encoding: 'linear16', container: 'none', sample_rate: '24000' }],
  ])('speaks as %s', async (format, expected) => {
    const { path, query, body } = await sentBy('deepgram', { response_format: format, voice: 'thalia' }, { model: 'aura-2' });
    expect([path, query, body]).toEqual(['/v1/speak', { model: 'aura-2-thalia-en', ...expected }, { text: 'Grüezi!' }]);
  });

  test.each([
    ['aura-2', 'thalia-en', 'aura-2-thalia-en'],
    ['aura-2', { id: 'celeste-es' }, 'aura-2-celeste-es'],
    ['aura-2-thalia-en', undefined, 'aura-2-thalia-en'],
    ['aura-2-thalia-en', 'thalia', 'aura-2-thalia-en'],
    ['aura-2-thalia-en', 'aura-2-thalia-en', 'aura-2-thalia-en'],
  ])('by the model %s with the voice %o is %s', async (model, voice, expected) => {
    expect((await sentBy('deepgram', { voice }, { model })).query.model).toBe(expected);
  });

  test('by a model that is a voice has no other', async () => {
    const { status, text } = await spoken('deepgram', { voice: 'alloy' }, { model: 'aura-2-thalia-en' });
    expect([status, JSON.parse(text)]).toMatchObject([400, { error: { param: 'voice' } }]);
  });

  test('is as fast as it is asked to be', async () => {
    expect((await sentBy('deepgram', { speed: 1.2, sample_rate: 8000 })).query).toMatchObject({ speed: '1.2', sample_rate: '8000' });
  });
});

describe('ElevenLabs', () => {
  test.each([
    [undefined, '/stream', 'mp3_44100_128'],
    ['opus', '/stream', 'opus_48000_128'],
    ['pcm', '/stream', 'pcm_24000'],
    ['wav', '', 'wav_24000'],
    ['mp3_22050_32', '/stream', 'mp3_22050_32'],
    ['wav_44100', '', 'wav_44100'],
  ])('speaks as %s', async (format, path, expected) => {
    const sent = await sentBy('elevenlabs', { response_format: format }, { model: 'eleven_v3' });
    expect([sent.path, sent.query]).toEqual([`/v1/text-to-speech/a-voice${path}`, { output_format: expected }]);
    expect(sent.body).toEqual({ text: 'Grüezi!', model_id: 'eleven_v3' });
    expect(sent.headers).toHaveProperty('xi-api-key');
  });

  test('takes its own settings, and speed among them', async () => {
    const fields = { speed: 1.1, voice_settings: { stability: 0.5 }, language_code: 'de', enable_logging: false };
    const { body, query } = await sentBy('elevenlabs', fields);
    expect(body).toMatchObject({ voice_settings: { stability: 0.5, speed: 1.1 }, language_code: 'de' });
    expect(query).toEqual({ output_format: 'mp3_44100_128', enable_logging: 'false' });
  });

  test.each([
    ['alloy', {}, '21m00Tcm4TlvDq8ikWAM'],
    ['alloy', { options: { voices: { alloy: 'ours' } } }, 'ours'],
    ['../v1/user', {}, '..%2Fv1%2Fuser'],
  ])('speaks by the voice %s', async (voice, deployment, id) => {
    expect((await spoken('elevenlabs', { voice }, deployment)).sent?.url).toContain(`/v1/text-to-speech/${id}/stream`);
  });

  test('does not speak without a voice', async () => {
    expect(JSON.parse((await spoken('elevenlabs', { voice: undefined })).text)).toMatchObject({ error: { param: 'voice' } });
  });
});

describe('Cartesia', () => {
  test('speaks', async () => {
    const { path, body, headers } = await sentBy('cartesia', { response_format: 'pcm', speed: 1.5, language: 'de' }, { model: 'sonic-3' });
    expect([path, body]).toEqual([
      '/tts/bytes',
      {
        model_id: 'sonic-3',
        transcript: 'Grüezi!',
        voice: { mode: 'id', id: 'a-voice' },
        output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
        language: 'de',
        generation_config: { speed: 1.5 },
      },
    ]);
    expect(headers).toHaveProperty('cartesia-version');
  });
});

test.each([
  [undefined, {}],
  ['wav', { output_format: { codec: 'wav', sample_rate: 24_000 } }],
  ['pcm', { output_format: { codec: 'pcm', sample_rate: 24_000 } }],
])('xAI speaks as %s', async (format, expected) => {
  const { path, body } = await sentBy('xai_audio', { response_format: format, voice: 'eve' });
  expect([path, body]).toEqual(['/v1/tts', { text: 'Grüezi!', voice_id: 'eve', language: 'auto', ...expected }]);
});
