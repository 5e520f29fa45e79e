import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { HEARD, json, sound } from './answers.test.support.ts';
import { provider as pack } from './provider-package.ts';

const ERRORS: Readonly<Record<string, (message: string) => object>> = {
  deepgram: (message) => ({ err_code: 'Bad Request', err_msg: message, request_id: 'uuid' }),
  elevenlabs: (message) => ({ detail: { status: 'an_error', message } }),
  assemblyai: (message) => ({ error: message }),
  gladia: (message) => ({ statusCode: 400, message, request_id: 'G-1' }),
  xai_audio: (message) => ({ code: 'bad', error: message }),
  cartesia: (message) => ({ title: 'Bad', message, error_code: 'bad', request_id: '1' }),
};

function fixturesOf(host: string): readonly ProviderFixture[] {
  const answers = HEARD[host] ?? [];
  const answer = answers.at(-1) as Recording;
  const failing = (name: string, status: number): ProviderFixture => ({
    name,
    operation: 'audio.transcribe',
    request: { model: 'm' },
    answer: json(ERRORS[host]?.('No luck today') ?? {}, status),
    expected: { error: { status: status < 500 ? status : 502, message: /No luck today/ } },
  });
  return [
    { name: 'a transcript', operation: 'audio.transcribe', request: { model: 'm' }, before: answers.slice(0, -1), answer, expected: { usage: { seconds: 3 } } },
    failing('a bad request', 400),
    failing('a wrong key', 401),
    failing('a limit', 429),
    failing('a failure', 500),
  ];
}

for (const provider of pack.providers) {
  const speech: readonly ProviderFixture[] = provider.operations['audio.speech']
    ? [
        {
          name: 'speech',
          operation: 'audio.speech',
          request: { model: 'm', input: 'How "warm"?', voice: 'v' },
          answer: sound,
          expected: { usage: { characters: 11 } },
        },
      ]
    : [];
  describe(provider.name, () => {
    for (const { name, run } of providerContract({ provider, fixtures: [...fixturesOf(provider.name), ...speech] })) test(name, run);
  });
}

test('hosts are enabled by their key', () => {
  const found = (env: Record<string, string>) => pack.discover(env).map(({ provider }) => provider.name);
  expect(found({})).toEqual([]);
  expect(found({ DEEPGRAM_API_KEY: 'k', CARTESIA_API_KEY: 'k' })).toEqual(['deepgram', 'cartesia']);
  expect(JSON.stringify(pack.discover({ ELEVENLABS_API_KEY: 'sk-1' }))).not.toContain('sk-1');
  const [deepgram] = pack.discover({ DEEPGRAM_API_KEY: 'k', DEEPGRAM_API_BASE: 'http://127.0.0.1:1' });
  expect(deepgram?.deployment.baseUrl).toBe('http://127.0.0.1:1');
});

test('a deployment without a key is told of at start-up', () => {
  for (const provider of pack.providers)
    expect(provider.problemsOf?.({ id: 'd', provider: provider.name, model: 'm' })).toEqual([expect.stringContaining('needs a key')]);
});
