import { deepgram, xaiAudio } from '@sluice/provider-speech';
import { bytesOf, type RecordedExchange } from '../../support/recordings.ts';
import type { RecordedHost } from '../replay/recorded-host.ts';

type Listened = {
  readonly metadata: { readonly duration: number };
  readonly results: { readonly channels: readonly { readonly alternatives: readonly { readonly transcript: string; readonly words: readonly unknown[] }[] }[] };
};

/** What was heard and for how long, which is also what it costs. */
function heard({ response }: RecordedExchange): object {
  const { metadata, results } = response.json as Listened;
  const { duration } = metadata;
  return { task: 'transcribe', text: results.channels[0]?.alternatives[0]?.transcript, duration, usage: { type: 'duration', seconds: duration } };
}

export const speechHosts: readonly RecordedHost[] = [
  {
    folder: 'deepgram/listen',
    operation: 'audio.transcribe',
    provider: deepgram({ env: {} }),
    request: () => ({ model: 'recorded', response_format: 'verbose_json' }),
    expected: (exchange) => ({ kind: 'json', body: heard(exchange) }),
  },
  {
    folder: 'deepgram/speak',
    operation: 'audio.speech',
    provider: deepgram({ env: {} }),
    request: ({ request }) => ({ model: 'recorded', input: String(request.json?.text) }),
    expected: (exchange) => ({ kind: 'bytes', bytes: bytesOf(exchange) }),
  },
  {
    folder: 'xai/stt',
    operation: 'audio.transcribe',
    provider: xaiAudio({ env: {} }),
    request: () => ({ model: 'recorded', response_format: 'verbose_json' }),
    expected: ({ response }) => {
      const { text, language, duration } = response.json as { readonly text: string; readonly language: string; readonly duration: number };
      return { kind: 'json', body: { text, language, duration, segments: [{ id: 0, text }], usage: { type: 'duration', seconds: duration } } };
    },
  },
  {
    folder: 'xai/tts',
    operation: 'audio.speech',
    provider: xaiAudio({ env: {} }),
    request: ({ request }) => ({ model: 'recorded', input: String(request.json?.text) }),
    expected: (exchange) => ({ kind: 'bytes', bytes: bytesOf(exchange) }),
  },
];
