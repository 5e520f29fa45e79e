import type { Provider } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { speech, type SpeechForm } from '../speech.ts';
import { recordingForm } from '../transcript/recording-form.ts';
import { speakerLetter } from '../transcript/speaker-letter.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://docs.x.ai/developers/model-capabilities/audio/text-to-speech; samples at the rate of OpenAI's */
const FORMATS: Readonly<Record<string, object | undefined>> = {
  mp3: undefined,
  wav: { codec: 'wav', sample_rate: 24_000 },
  pcm: { codec: 'pcm', sample_rate: 24_000 },
};

/** It has one voice model, without a name in the request. */
const speak: SpeechForm = {
  formats: Object.keys(FORMATS),
  own: ['language'],
  toRequest(_call, { text, voice, format, own }, { baseUrl, jsonHeaders }) {
    const output = FORMATS[format];
    const fields = { text, ...(voice !== undefined && { voice_id: voice }), language: own.language ?? 'auto', ...(output && { output_format: output }) };
    return { url: `${baseUrl}/tts`, headers: jsonHeaders, body: JSON.stringify(fields) };
  },
};

type Listened = {
  readonly text: string;
  readonly language?: string;
  readonly duration?: number;
  readonly words?: readonly { readonly text: string; readonly start: number; readonly end: number; readonly speaker?: number }[];
};

/** https://docs.x.ai/developers/model-capabilities/audio/speech-to-text */
const listen: TranscriptionForm = {
  honoured: { own: ['diarize'], language: false },
  toRequest(call, { format, own }, endpoint) {
    const fields = { ...(format === 'diarized_json' && { diarize: true }), ...own };
    return { url: `${endpoint.baseUrl}/stt`, ...recordingForm(call, endpoint, fields) };
  },
  toTranscript: (body) => toTranscript(body as Listened),
};

function toTranscript({ text, language, duration, words = [] }: Listened): Transcript {
  return { text, language, seconds: duration, words: words.map(({ speaker, ...word }) => ({ ...word, speaker: speakerLetter(speaker) })) };
}

/** Beside `xai`, which has everything that xAI does in OpenAI's form. */
export const XAI_AUDIO: OwnForm = {
  name: 'xai_audio',
  baseUrl: 'https://api.x.ai/v1',
  basePath: '/v1',
  keys: ['XAI_API_KEY'],
  baseUrls: ['XAI_AUDIO_API_BASE', 'XAI_AUDIO_BASE_URL'],
  probePath: '/models',
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen), 'audio.speech': speech(endpointOf, speak) }),
};

/**
 * xAI: transcripts and speech.
 *
 * @example xaiAudio({ apiKey: process.env.MY_XAI_KEY })
 */
export function xaiAudio(options: HostOptions = {}): Provider {
  return ownFormProvider(XAI_AUDIO, options);
}
