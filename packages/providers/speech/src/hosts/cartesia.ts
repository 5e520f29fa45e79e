import type { Provider } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { requireVoice, speech, type SpeechForm } from '../speech.ts';
import { recordingForm } from '../transcript/recording-form.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://docs.cartesia.ai/api-reference/tts/bytes; samples at the rate of OpenAI's */
const FORMATS: Readonly<Record<string, object>> = {
  mp3: { container: 'mp3', sample_rate: 44_100, bit_rate: 128_000 },
  wav: { container: 'wav', encoding: 'pcm_s16le', sample_rate: 44_100 },
  pcm: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
};

const speak: SpeechForm = {
  formats: Object.keys(FORMATS),
  own: ['language', 'generation_config', 'pronunciation_dict_id'],
  speed: true,
  toRequest({ deployment: { model } }, { text, voice, format, speed, own }, { baseUrl, jsonHeaders }) {
    const fields = {
      model_id: model,
      transcript: text,
      voice: { mode: 'id', id: requireVoice(voice) },
      output_format: FORMATS[format],
      ...own,
      ...(speed !== undefined && { generation_config: { ...(own.generation_config as object | undefined), speed } }),
    };
    return { url: `${baseUrl}/tts/bytes`, headers: jsonHeaders, body: JSON.stringify(fields) };
  },
};

type Listened = {
  readonly text: string;
  readonly language?: string | null;
  readonly duration?: number | null;
  readonly words?: readonly { readonly word: string; readonly start: number; readonly end: number }[] | null;
};

/** https://docs.cartesia.ai/api-reference/stt/transcribe */
const listen: TranscriptionForm = {
  honoured: { own: [], speakers: false },
  toRequest(call, { language }, endpoint) {
    const fields = { model: call.deployment.model, ...(language !== undefined && { language }), 'timestamp_granularities[]': 'word' };
    return { url: `${endpoint.baseUrl}/stt`, ...recordingForm(call, endpoint, fields) };
  },
  toTranscript: (body) => toTranscript(body as Listened),
};

function toTranscript({ text, language, duration, words }: Listened): Transcript {
  return {
    text,
    language: language ?? undefined,
    seconds: duration ?? undefined,
    words: (words ?? []).map(({ word, start, end }) => ({ text: word, start, end })),
  };
}

export const CARTESIA: OwnForm = {
  name: 'cartesia',
  baseUrl: 'https://api.cartesia.ai',
  keys: ['CARTESIA_API_KEY'],
  baseUrls: ['CARTESIA_API_BASE', 'CARTESIA_BASE_URL'],
  // https://docs.cartesia.ai/api-reference/api-versioning
  headers: { 'cartesia-version': '2026-03-01' },
  models: ['sonic-*', 'ink-*'],
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen), 'audio.speech': speech(endpointOf, speak) }),
};

/**
 * Cartesia: speech by Sonic, transcripts by Ink.
 *
 * @example cartesia({ apiKey: process.env.MY_CARTESIA_KEY })
 */
export function cartesia(options: HostOptions = {}): Provider {
  return ownFormProvider(CARTESIA, options);
}
