import type { FormValues, ProviderCall, Upload } from '@sluice/core';
import { secret } from '@sluice/core';
import { ask, readTold } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { mistral } from './mistral.ts';
import { provider as discoverable } from './provider-package.ts';

const provider = mistral({ env: {} });

function fieldsFor(request: Record<string, unknown>, fields: FormValues = {}): FormValues {
  let replaced: FormValues = {};
  const upload: Upload = {
    contentType: 'multipart/form-data; boundary=x',
    fields,
    isReplayable: true,
    async *body(replace) {
      replaced = replace;
      yield Buffer.from('');
    },
    whole: () => Promise.resolve({ fields, files: [] }),
  };
  const call: ProviderCall = {
    operation: 'audio.transcribe',
    request: { model: 'g', ...request },
    upload,
    deployment: { id: 'd', provider: 'mistral', model: 'voxtral', apiKey: secret('k') },
  };
  const { body } = provider.operations['audio.transcribe']?.toRequest(call) ?? {};
  void (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().next();
  return replaced;
}

describe('a transcript', () => {
  test('has times where they are asked for, in the form that Mistral has', () => {
    expect(fieldsFor({})).toEqual({ model: 'voxtral' });
    expect(fieldsFor({ response_format: 'verbose_json' })).toEqual({ model: 'voxtral', timestamp_granularities: 'segment' });
    expect(fieldsFor({}, { 'timestamp_granularities[]': 'word' })).toEqual({ model: 'voxtral', timestamp_granularities: 'word' });
    expect(fieldsFor({}, { 'timestamp_granularities[]': ['word', 'segment'] })).toEqual({ model: 'voxtral', timestamp_granularities: ['word', 'segment'] });
    expect(() => fieldsFor({ response_format: 'srt' })).toThrow(/cannot honour 'response_format'/);
    expect(() => fieldsFor({ prompt: 'Names: Meyer' })).toThrow(/cannot honour 'prompt'/);
  });

  test("comes in OpenAI's events, and its sound is counted beside the prompt", async () => {
    const usage = {
      prompt_audio_seconds: 3,
      prompt_tokens: 3,
      total_tokens: 389,
      completion_tokens: 11,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 375 },
    };
    const events = [
      { type: 'transcription.language', audio_language: 'de' },
      { type: 'transcription.text.delta', text: 'Grü' },
      { type: 'transcription.text.delta', text: 'ezi' },
      { type: 'transcription.done', model: 'voxtral', text: 'Grüezi', language: 'de', usage },
    ];
    const body = Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    const recording = { status: 200, headers: { 'content-type': 'text/event-stream' }, body };
    const answered = await ask({ provider, operation: 'audio.transcribe', request: { model: 'm', stream: true }, recording });
    expect(answered.text).toContain('"type":"transcript.text.delta"');
    const done = answered.text.split('\n').findLast((line) => line.includes('transcript.text.done')) ?? '';
    expect(JSON.parse(done.slice('data: '.length))).toMatchObject({ text: 'Grüezi', usage: { type: 'tokens', input_tokens: 3, output_tokens: 11 } });
    expect(readTold(answered.contentType, answered.text).isComplete).toBe(true);
    expect(answered.usage).toEqual({ inputTokens: 378, outputTokens: 11, audioInputTokens: 375, seconds: 3 });
  });
});

describe('discovery', () => {
  const found = (env: Record<string, string>): readonly (readonly [string, boolean])[] =>
    discoverable.discover(env).map(({ provider: { name }, models = [] }) => [name, models.includes('codestral-*')]);

  test('each key opens its own host, and Mistral comes first for Codestral', () => {
    expect(found({})).toEqual([]);
    expect(found({ MISTRAL_API_KEY: 'k' })).toEqual([['mistral', true]]);
    expect(found({ CODESTRAL_API_KEY: 'k' })).toEqual([['codestral', true]]);
    expect(found({ MISTRAL_API_KEY: 'k', CODESTRAL_API_KEY: 'k' })).toEqual([
      ['mistral', true],
      ['codestral', false],
    ]);
    expect(JSON.stringify(discoverable.discover({ MISTRAL_API_KEY: 'sk-1' }))).not.toContain('sk-1');
  });

  test('both names that LiteLLM has for Codestral can be configured', () => {
    expect(discoverable.providers.map(({ name }) => name)).toEqual(['mistral', 'codestral', 'text-completion-codestral']);
  });
});
