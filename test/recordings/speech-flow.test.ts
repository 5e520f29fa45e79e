import { createGateway, type Gateway, type JsonObject, secret } from '@sluice/core';
import { provider as pack } from '@sluice/provider-speech';
import OpenAI, { toFile } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answer, formOf, type Received, type ScriptedHost, scriptedHost } from '../support/scripted-host.ts';

// Hosts on a socket that say what the test wants, and the official client in front of the gateway.
const KEY = 'sk-of-the-host-0123456789';
let host: ScriptedHost;
let gateway: Gateway | undefined;

beforeAll(async () => {
  host = await scriptedHost();
});
afterEach(() => gateway?.close());
afterAll(() => host.close());

function clientOf(provider: string, more: JsonObject = {}, limits: JsonObject = {}): OpenAI {
  gateway = createGateway({
    auth: false,
    providers: pack.providers,
    models: [{ name: 'm', deployments: [{ id: 'd', provider, model: 'a-model', baseUrl: host.url, apiKey: secret(KEY), ...more }] }],
    router: { retries: 0 },
    ...limits,
  });
  return new OpenAI({ apiKey: 'none', baseURL: 'http://sluice/v1', fetch: gateway.fetch, maxRetries: 0 });
}

const recording = Buffer.alloc(700_000, 'RIFF');
const file = () => toFile(recording, 'a.wav', { type: 'audio/wav' });

describe('a recording', () => {
  test('goes to Deepgram as it is, and comes back as text', async () => {
    host.script((_, res) => answer(res, { metadata: { duration: 2 }, results: { channels: [{ alternatives: [{ transcript: 'Grüezi', words: [] }] }] } }));
    const heard = await clientOf('deepgram').audio.transcriptions.create({ model: 'm', file: await file() });
    expect(heard).toEqual({ text: 'Grüezi', usage: { type: 'duration', seconds: 2 } });
    expect(host.seen[0]?.path).toBe('/v1/listen?model=a-model&smart_format=true');
    expect(host.seen[0]?.headers.authorization).toBe(`Token ${KEY}`);
    expect(host.seen[0]?.body.equals(recording)).toBe(true);
  });

  test('goes to ElevenLabs in a form of its own', async () => {
    host.script((_, res) => answer(res, { text: 'Grüezi', language_code: 'de', words: [{ type: 'word', text: 'Grüezi', start: 0, end: 1 }] }));
    const heard = await clientOf('elevenlabs').audio.transcriptions.create({ model: 'm', file: await file(), response_format: 'verbose_json', language: 'de' });
    expect(heard).toMatchObject({ text: 'Grüezi', language: 'de', duration: 1 });
    const form = await formOf(host.seen[0] as Received);
    expect([...form.keys()]).toEqual(['model_id', 'language_code', 'file']);
    expect(Buffer.from(await (form.get('file') as File).arrayBuffer()).equals(recording)).toBe(true);
  });

  test('is left with AssemblyAI, written down by a job, and asked for until it is done', async () => {
    let asked = 0;
    host.script(({ path, method }, res) => {
      if (path === '/v2/upload') answer(res, { upload_url: `${host.url}/upload/1` });
      else if (method === 'POST') answer(res, { id: 'j1', status: 'queued' });
      else answer(res, (asked += 1) < 2 ? { id: 'j1', status: 'processing' } : { id: 'j1', status: 'completed', text: 'Grüezi', audio_duration: 2, words: [] });
    });
    const heard = await clientOf('assemblyai').audio.transcriptions.create({ model: 'm', file: await file(), language: 'de' });
    expect(heard.text).toBe('Grüezi');
    expect(host.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v2/upload',
      'POST /v2/transcript',
      'GET /v2/transcript/j1',
      'GET /v2/transcript/j1',
    ]);
    expect(host.seen[0]?.body.equals(recording)).toBe(true);
    expect(JSON.parse(String(host.seen[1]?.body))).toEqual({ audio_url: `${host.url}/upload/1`, speech_models: ['a-model'], language_code: 'de' });
    expect(new Set(host.seen.map(({ headers }) => headers.authorization))).toEqual(new Set([KEY]));
  });

  test('of a job is not asked for any more when the caller has left', async () => {
    host.script(({ path }, res) => answer(res, path === '/v2/upload' ? { upload_url: `${host.url}/upload/1` } : { id: 'j1', status: 'processing' }));
    const leaving = new AbortController();
    const waiting = clientOf('assemblyai').audio.transcriptions.create({ model: 'm', file: await file() }, { signal: leaving.signal });
    await expect.poll(() => host.seen.length).toBe(2);
    leaving.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    await gateway?.idle();
    expect(host.seen).toHaveLength(2);
  });

  test('that is missing is said to be', async () => {
    host.script((_, res) => answer(res, {}));
    const gone = clientOf('deepgram');
    const body = new FormData();
    body.append('model', 'm');
    await expect(gone.post('/audio/transcriptions', { body })).rejects.toMatchObject({ status: 400, param: 'file' });
  });
});

describe('speech', () => {
  test('comes piece by piece', async () => {
    let more: (() => void) | undefined;
    host.script((_, res) => {
      res.writeHead(200, { 'content-type': 'audio/mpeg' }).write('ID3');
      more = () => res.end(' and more');
    });
    const spoken = await clientOf('elevenlabs').audio.speech.create({ model: 'm', input: 'Grüezi', voice: 'alloy' });
    const reader = spoken.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('ID3');
    more?.();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(' and more');
    expect(host.seen[0]?.path).toBe('/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/stream?output_format=mp3_44100_128');
  });

  test('is cut off at the host when the caller leaves', async () => {
    const closed = new Promise<void>((resolve) => {
      host.script((_, res) => {
        res.on('close', resolve);
        res.writeHead(200, { 'content-type': 'audio/mpeg' }).write('ID3');
      });
    });
    const leaving = new AbortController();
    const spoken = await clientOf('deepgram').audio.speech.create({ model: 'm', input: 'Grüezi', voice: 'thalia' }, { signal: leaving.signal });
    const reader = spoken.body?.getReader();
    await reader?.read();
    leaving.abort();
    await reader?.cancel().catch(() => undefined);
    await closed;
  });
});

describe.each(pack.providers.map(({ name }) => name))('%s', (name) => {
  const ask = async (limits: JsonObject = {}) => clientOf(name, {}, limits).audio.transcriptions.create({ model: 'm', file: await file() });

  test.each([
    [400, 400],
    [401, 401],
    [429, 429],
    [500, 502],
    [503, 503],
  ])('that answers %i with its key is quoted without it', async (status, expected) => {
    host.script((_, res) => answer(res, { message: `Bad key ${KEY}`, detail: `Bad key ${KEY}`, err_msg: `Bad key ${KEY}`, error: `Bad key ${KEY}` }, status));
    const error = await ask().catch((caught: unknown) => caught as InstanceType<typeof OpenAI.APIError>);
    expect(error).toMatchObject({ status: expected, message: expect.stringContaining('Bad key [redacted]') });
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  test('that says too much is not read to the end', async () => {
    host.script((_, res) => answer(res, { text: 'x'.repeat(100_000) }));
    await expect(ask({ maxAnswerBytes: 10_000 })).rejects.toMatchObject({ status: 502 });
  });

  test('that says nonsense is no answer', async () => {
    host.script((_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(ask()).rejects.toMatchObject({ status: 502 });
  });
});
