import { type Deployment, onlyFile, type Provider, type ProviderCall, refuser } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { toQuery } from '../query.ts';
import { speech, type SpeechForm } from '../speech.ts';
import { speakerLetter } from '../transcript/speaker-letter.ts';
import type { Transcript, Word } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded, without what sends the answer elsewhere */
const LISTEN = `extra sentiment summarize tag topics custom_topic custom_topic_mode intents custom_intent custom_intent_mode detect_entities
  detect_language diarize diarize_model dictation encoding filler_words keyterm keywords measurements multichannel numerals paragraphs
  profanity_filter punctuate redact replace search smart_format utterances utt_split version mip_opt_out`.split(/\s+/);
/** https://developers.deepgram.com/reference/text-to-speech/speak-request */
const SPEAK = ['bit_rate', 'sample_rate', 'tag', 'mip_opt_out'];

type Heard = { readonly word: string; readonly punctuated_word?: string; readonly start: number; readonly end: number; readonly speaker?: number };

type Listened = {
  readonly metadata?: { readonly duration?: number; readonly channels?: number };
  readonly results: {
    readonly channels: readonly {
      readonly detected_language?: string;
      readonly alternatives: readonly { readonly transcript: string; readonly words?: readonly Heard[] }[];
    }[];
    readonly utterances?: readonly { readonly transcript: string; readonly start: number; readonly end: number; readonly speaker?: number }[];
  };
};

const listen: TranscriptionForm = {
  honoured: { own: LISTEN },
  toRequest({ deployment: { model }, form }, { format, language, own }, { baseUrl, headers }) {
    const query = {
      model,
      ...(language !== undefined && { language }),
      // Sentences with their marks, as everybody else writes them down.
      smart_format: true,
      ...(format !== 'json' && format !== 'text' && { utterances: true }),
      ...(format === 'diarized_json' && own.diarize === undefined && { diarize_model: 'latest' }),
      ...own,
    };
    // It tells from the recording itself what kind it is.
    const sent = { ...headers, 'content-type': 'application/octet-stream' };
    return { url: `${baseUrl}/listen${toQuery(query)}`, headers: sent, body: onlyFile(form).bytes };
  },
  toTranscript: (body, call) => toTranscript(body as Listened, call),
};

function toTranscript({ metadata, results }: Listened, { request }: ProviderCall): Transcript {
  const { channels, utterances } = results;
  const heard = channels.flatMap(({ alternatives }) => alternatives[0] ?? []);
  const { duration, channels: recorded = 1 } = metadata ?? {};
  const isEach = String(request.multichannel) === 'true';
  return {
    text: heard.map(({ transcript }) => transcript).join('\n'),
    // It assumes English where nobody says otherwise.
    language: channels[0]?.detected_language ?? (typeof request.language === 'string' ? request.language : 'en'),
    seconds: duration,
    ...(isEach && duration !== undefined && { billedSeconds: duration * recorded }),
    words: heard.flatMap(({ words = [] }) => words.map(toWord)).sort((one, other) => one.start - other.start),
    segments: utterances?.map(({ transcript: text, start, end, speaker }) => ({ text, start, end, speaker: speakerLetter(speaker) })),
  };
}

function toWord({ word, punctuated_word: text = word, start, end, speaker }: Heard): Word {
  return { text, start, end, speaker: speakerLetter(speaker) };
}

/** https://developers.deepgram.com/docs/tts-media-output-settings; samples at the rate of OpenAI's */
const FORMATS: Readonly<Record<string, object>> = {
  mp3: { encoding: 'mp3' },
  opus: { encoding: 'opus', container: 'ogg' },
  aac: { encoding: 'aac' },
  flac: { encoding: 'flac' },
  wav: { encoding: 'linear16', container: 'wav', sample_rate: 24_000 },
  pcm: { encoding: 'linear16', container: 'none', sample_rate: 24_000 },
};

const speak: SpeechForm = {
  formats: Object.keys(FORMATS),
  own: SPEAK,
  speed: true,
  toRequest({ deployment }, { text, voice, format, speed, own }, { baseUrl, jsonHeaders }) {
    const query = { model: toVoiceModel(deployment, voice), ...FORMATS[format], ...(speed !== undefined && { speed }), ...own };
    return { url: `${baseUrl}/speak${toQuery(query)}`, headers: jsonHeaders, body: JSON.stringify({ text }) };
  },
};

/** A model that ends in a language is a voice of its own; others are given one. */
function toVoiceModel(deployment: Deployment, voice: string | undefined): string {
  const { model } = deployment;
  const isVoice = /-[a-z]{2}$/.test(model);
  if (!isVoice) return voice === undefined ? model : /-[a-z]{2}$/.test(voice) ? `${model}-${voice}` : `${model}-${voice}-en`;
  if (voice !== undefined && !`-${model}-`.includes(`-${voice}-`)) refuser(deployment)('voice', `'${model}' is a voice by itself`);
  return model;
}

export const DEEPGRAM: OwnForm = {
  name: 'deepgram',
  baseUrl: 'https://api.deepgram.com/v1',
  basePath: '/v1',
  keys: ['DEEPGRAM_API_KEY'],
  baseUrls: ['DEEPGRAM_API_BASE', 'DEEPGRAM_BASE_URL'],
  keyScheme: 'Token',
  probePath: '/projects',
  models: ['nova-2*', 'nova-3*', 'aura-*'],
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen), 'audio.speech': speech(endpointOf, speak) }),
};

/**
 * Deepgram: transcripts by Nova, speech by Aura.
 *
 * @example deepgram({ apiKey: process.env.MY_DEEPGRAM_KEY })
 */
export function deepgram(options: HostOptions = {}): Provider {
  return ownFormProvider(DEEPGRAM, options);
}
