import { type JsonObject, type ModelRequest, secret } from '@sluice/core';
import { type Answered, ask, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { HEARD, json } from './answers.test.support.ts';
import { provider as pack } from './provider-package.ts';

type Asking = { readonly answers?: readonly Recording[]; readonly model?: string };

async function written(host: string, fields: JsonObject = {}, { answers = HEARD[host] ?? [], model = 'm' }: Asking = {}): Promise<Answered> {
  const provider = pack.providers.find(({ name }) => name === host);
  const last = answers.at(-1);
  if (!provider || !last) throw new Error(`There is no '${host}'`);
  return ask({
    provider,
    operation: 'audio.transcribe',
    request: { ...fields, model: 'm' },
    recording: last,
    before: answers.slice(0, -1),
    deployment: { model },
  });
}

const HOSTS = Object.keys(HEARD);
const TEXT = 'Hello there. Bye.';
const usage = { type: 'duration', seconds: 3 };
const WITH_SPEAKERS = HOSTS.filter((host) => host !== 'cartesia');

describe.each(HOSTS)('a transcript of %s', (host) => {
  test('is text and what it used', async () => {
    const answered = await written(host);
    expect([answered.status, JSON.parse(answered.text)]).toEqual([200, { text: TEXT, usage }]);
    expect(answered.usage).toEqual({ inputTokens: 0, outputTokens: 0, seconds: 3 });
  });

  test('has times where they are asked for', async () => {
    const { text } = await written(host, { response_format: 'verbose_json', 'timestamp_granularities[]': 'word' });
    const transcript = JSON.parse(text) as JsonObject & { readonly segments: readonly JsonObject[] };
    expect(transcript).toMatchObject({ task: 'transcribe', language: 'en', duration: 3, text: TEXT, usage });
    expect(transcript.segments.map(({ id, start, end, text: said }) => [id, start, end, said])).toEqual([
      [0, 0.1, 0.9, 'Hello there.'],
      [1, 2, 2.5, 'Bye.'],
    ]);
    expect(transcript.words).toEqual([
      { word: 'Hello', start: 0.1, end: 0.4 },
      { word: 'there.', start: 0.5, end: 0.9 },
      { word: 'Bye.', start: 2, end: 2.5 },
    ]);
    expect(JSON.parse((await written(host, { response_format: 'verbose_json' })).text)).not.toHaveProperty('words');
  });

  test.each([
    ['text', /^text\/plain/, `${TEXT}\n`],
    ['srt', /subrip/, '1\n00:00:00,100 --> 00:00:00,900\nHello there.\n\n2\n00:00:02,000 --> 00:00:02,500\nBye.\n\n'],
    ['vtt', /^text\/vtt/, 'WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nHello there.\n\n00:00:02.000 --> 00:00:02.500\nBye.\n\n'],
  ])('becomes %s, and is paid for all the same', async (format, type, expected) => {
    const answered = await written(host, { response_format: format });
    expect(answered.contentType).toMatch(type);
    expect(answered.text).toBe(expected);
    expect(answered.usage).toEqual({ inputTokens: 0, outputTokens: 0, seconds: 3 });
  });

  test('is told at once to who asked for a stream', async () => {
    const { text, contentType } = await written(host, { stream: 'true' });
    expect(contentType).toMatch(/^text\/event-stream/);
    const events = text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)) as JsonObject] : []));
    expect(events).toEqual([
      { type: 'transcript.text.delta', delta: TEXT },
      { type: 'transcript.text.done', text: TEXT, usage },
    ]);
  });

  test.each<[JsonObject, string]>([
    [{ response_format: 'xml' }, 'response_format'],
    [{ response_format: 'srt', stream: 'true' }, 'response_format'],
    [{ 'include[]': 'logprobs' }, 'include[]'],
    [{ 'known_speaker_names[]': 'Ann' }, 'known_speaker_names[]'],
    [{ chunking_strategy: '{"type":"server_vad"}' }, 'chunking_strategy'],
    [{ callback: 'https://elsewhere.example' }, 'callback'],
    [{ webhook_url: 'https://elsewhere.example' }, 'webhook_url'],
    ...(host === 'assemblyai' ? [] : ([[{ prompt: 'Meyer' }, 'prompt']] as [JsonObject, string][])),
  ])('is refused for %o', async (fields, param) => {
    const { status, text, sent } = await written(host, fields);
    expect([status, JSON.parse(text), sent]).toMatchObject([400, { error: { code: 'unsupported_parameter', param } }, undefined]);
  });

  test('is asked for without what says nothing', async () => {
    expect((await written(host, { prompt: '', temperature: '0', chunking_strategy: 'auto', user: 'u' })).status).toBe(200);
  });
});

test.each(WITH_SPEAKERS)('%s tells who speaks', async (host) => {
  const { text } = await written(host, { response_format: 'diarized_json' });
  expect(JSON.parse(text)).toEqual({
    task: 'transcribe',
    language: 'en',
    duration: 3,
    text: TEXT,
    segments: [
      { type: 'transcript.text.segment', id: 'seg_0', start: 0.1, end: 0.9, text: 'Hello there.', speaker: 'A' },
      { type: 'transcript.text.segment', id: 'seg_1', start: 2, end: 2.5, text: 'Bye.', speaker: 'B' },
    ],
    usage,
  });
});

describe('Deepgram', () => {
  const asked = async (fields: JsonObject, answers?: readonly Recording[]) => {
    const answered = await written('deepgram', fields, { model: 'nova-3', ...(answers && { answers }) });
    return { answered, url: new URL(answered.sent?.url ?? '') };
  };

  test('is asked in the query, and gets the recording as it is', async () => {
    const { answered, url } = await asked({ language: 'de', keyterm: 'Meyer', response_format: 'vtt' });
    expect(`${url.origin}${url.pathname}`).toBe('https://api.deepgram.com/v1/listen');
    expect(Object.fromEntries(url.searchParams)).toEqual({ model: 'nova-3', language: 'de', keyterm: 'Meyer', smart_format: 'true', utterances: 'true' });
    expect(answered.sent?.headers).toMatchObject({ 'content-type': 'application/octet-stream', authorization: expect.stringMatching(/^Token /) });
  });

  test('is told apart by its own words', async () => {
    expect((await asked({ response_format: 'diarized_json' })).url.searchParams.get('diarize_model')).toBe('latest');
    const { url } = await asked({ smart_format: 'false', punctuate: 'true' });
    expect(Object.fromEntries(url.searchParams)).toEqual({ model: 'nova-3', smart_format: 'false', punctuate: 'true' });
  });

  test('is paid for each channel that is written down by itself', async () => {
    const channel = (transcript: string, start: number) => ({ alternatives: [{ transcript, words: [{ word: transcript, start, end: start + 1 }] }] });
    const answer = json({ metadata: { duration: 10, channels: 2 }, results: { channels: [channel('there', 1), channel('hello', 0)] } });
    const { answered } = await asked({ multichannel: 'true', response_format: 'verbose_json', 'timestamp_granularities[]': 'word' }, [answer]);
    expect(answered.usage?.seconds).toBe(20);
    expect(JSON.parse(answered.text)).toMatchObject({ text: 'there\nhello', duration: 10, words: [{ word: 'hello' }, { word: 'there' }] });
  });
});

describe('ElevenLabs', () => {
  test('gets a form of its own', async () => {
    const fields: ModelRequest[string][] = [];
    const provider = pack.providers.find(({ name }) => name === 'elevenlabs');
    const form = { fields: {}, files: [{ field: 'file', fileName: 'a.wav', contentType: 'audio/wav', bytes: Buffer.from('RIFF') }] };
    const wire = provider?.operations['audio.transcribe']?.toRequest({
      operation: 'audio.transcribe',
      request: { model: 'g', language: 'de', temperature: 0.5, response_format: 'diarized_json', keyterms: ['a', 'b'], tag_audio_events: 'false' },
      form,
      deployment: { id: 'd', provider: 'elevenlabs', model: 'scribe_v2', apiKey: secret('k') },
    });
    const sent = await new Response(wire?.body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': wire?.headers['content-type'] ?? '' } }).formData();
    for (const [name, value] of sent) fields.push([name, typeof value === 'string' ? value : `${value.name} ${value.type} ${await value.text()}`]);
    expect(fields).toEqual([
      ['model_id', 'scribe_v2'],
      ['language_code', 'de'],
      ['temperature', '0.5'],
      ['diarize', 'true'],
      ['tag_audio_events', 'false'],
      ['keyterms', 'a'],
      ['keyterms', 'b'],
      ['file', 'a.wav audio/wav RIFF'],
    ]);
    expect(wire?.url).toBe('https://api.elevenlabs.io/v1/speech-to-text');
    expect(wire?.headers).toMatchObject({ 'xi-api-key': 'k' });
  });

  test('counts the seconds of all channels together', async () => {
    const channel = (text: string) => ({ language_code: 'de', text, words: [{ type: 'word', text, start: 0, end: 1 }] });
    const answers = [json({ transcripts: [channel('ja'), channel('nein')], audio_duration_secs: 20 })];
    const answered = await written('elevenlabs', { use_multi_channel: 'true' }, { answers });
    expect([JSON.parse(answered.text), answered.usage?.seconds]).toEqual([{ text: 'ja\nnein', usage: { type: 'duration', seconds: 20 } }, 20]);
  });

  test('says what is wrong, and that an account is used up', async () => {
    const missing = json({ detail: { status: 'voice_not_found', message: 'A voice was not found.' } }, 404);
    expect(JSON.parse((await written('elevenlabs', {}, { answers: [missing] })).text)).toMatchObject({
      error: { message: 'A voice was not found.', code: 'voice_not_found' },
    });
    const used = json({ detail: { status: 'quota_exceeded', message: 'This request exceeds your quota.' } }, 401);
    expect((await written('elevenlabs', {}, { answers: [used] })).status).toBe(402);
  });
});

describe('a job', () => {
  test.each([
    ['assemblyai', { id: '1', status: 'error', error: 'Transcoding failed' }, /Transcoding failed/],
    ['gladia', { id: '1', status: 'error', error_code: 500 }, /could not be written down: 500/],
  ])('of %s that fails is an error, and not asked for again', async (host, failure, message) => {
    const [left] = HEARD[host] ?? [];
    const { status, text } = await written(host, {}, { answers: [left, json(failure)].flatMap((answer) => answer ?? []) });
    expect(status).toBe(502);
    expect((JSON.parse(text) as { error: JsonObject }).error.message).toMatch(message);
  });

  test.each([
    ['assemblyai', 'https://api.assemblyai.com/v2/upload'],
    ['gladia', 'https://api.gladia.io/v2/upload'],
  ])('of %s begins with the recording', async (host, url) => {
    expect((await written(host)).sent?.url).toBe(url);
  });
});

test('xAI listens for the language by itself', async () => {
  const { status, text } = await written('xai_audio', { language: 'de' });
  expect([status, JSON.parse(text)]).toMatchObject([400, { error: { param: 'language' } }]);
});

test('who speaks is not made up', async () => {
  const { status, text } = await written('cartesia', { response_format: 'diarized_json' });
  expect([status, JSON.parse(text)]).toMatchObject([400, { error: { param: 'response_format' } }]);
});
