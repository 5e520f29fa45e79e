import { type FollowUp, GatewayError, type Provider, type ProviderCall } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { readAsked } from '../transcript/asked.ts';
import { recordingForm } from '../transcript/recording-form.ts';
import { speakerLetter } from '../transcript/speaker-letter.ts';
import type { Transcript, Word } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://docs.gladia.io/api-reference/v2/pre-recorded/init, without what sends the answer elsewhere */
const OWN = `detect_language enable_code_switching code_switching_config language_config custom_vocabulary custom_vocabulary_config diarization
  diarization_config custom_spelling custom_spelling_config name_consistency named_entity_recognition moderation sentiment_analysis sentences
  display_mode punctuation_enhanced pii_redaction custom_metadata`.split(/\s+/);
const HONOURED = { own: OWN };

const POLL_MS = 1_000;

type Heard = { readonly word: string; readonly start: number; readonly end: number };

type Utterance = { readonly text: string; readonly start: number; readonly end: number; readonly speaker?: number; readonly words?: readonly Heard[] };

type Job = {
  readonly audio_url?: string;
  readonly id?: string;
  readonly status?: string;
  readonly error_code?: number | null;
  readonly result?: {
    readonly metadata?: { readonly audio_duration?: number; readonly billing_time?: number };
    readonly transcription?: { readonly full_transcript: string; readonly languages?: readonly string[]; readonly utterances?: readonly Utterance[] };
  } | null;
};

/** As at AssemblyAI: a recording that is left there, and a job. */
const listen: TranscriptionForm = {
  honoured: HONOURED,
  toRequest: (call, _asked, endpoint) => ({ url: `${endpoint.baseUrl}/v2/upload`, ...recordingForm(call, endpoint, {}, 'audio') }),
  follow: (body, call, endpoint) => toNext(body as Job, call, endpoint),
  toTranscript: (body) => toTranscript(body as Job),
};

function toNext(
  { audio_url: address, id, status, error_code: code }: Job,
  call: ProviderCall,
  { baseUrl, headers, jsonHeaders }: BaseEndpoint,
): FollowUp | undefined {
  if (typeof address === 'string')
    return { wire: { url: `${baseUrl}/v2/pre-recorded`, headers: jsonHeaders, body: JSON.stringify(toJob(call, address)) }, afterMs: 0 };
  if (status === 'error') throw new GatewayError('upstream_error', `The recording could not be written down: ${code ?? 'no reason was given'}`);
  if (status === 'done') return undefined;
  return { wire: { url: `${baseUrl}/v2/pre-recorded/${encodeURIComponent(String(id))}`, method: 'GET', headers }, afterMs: POLL_MS };
}

function toJob(call: ProviderCall, address: string): object {
  const { format, language, own } = readAsked(call, HONOURED);
  return {
    audio_url: address,
    model: call.deployment.model,
    ...(language !== undefined && { language_config: { languages: [language] } }),
    ...(format === 'diarized_json' && { diarization: true }),
    ...own,
  };
}

function toTranscript({ result }: Job): Transcript {
  const { metadata, transcription: heard } = result ?? {};
  const utterances = heard?.utterances ?? [];
  return {
    text: heard?.full_transcript ?? '',
    language: heard?.languages?.[0],
    seconds: metadata?.audio_duration,
    billedSeconds: metadata?.billing_time,
    words: utterances.flatMap(({ words = [], speaker }) => words.map((word) => toWord(word, speaker))),
    segments: utterances.map(({ text, start, end, speaker }) => ({ text, start, end, speaker: speakerLetter(speaker) })),
  };
}

/** A word comes with the blank before it. */
function toWord({ word, start, end }: Heard, speaker: number | undefined): Word {
  const text = word.trimStart();
  return { text, start, end, space: word.slice(0, word.length - text.length), speaker: speakerLetter(speaker) };
}

export const GLADIA: OwnForm = {
  name: 'gladia',
  baseUrl: 'https://api.gladia.io',
  keys: ['GLADIA_API_KEY'],
  baseUrls: ['GLADIA_API_BASE', 'GLADIA_BASE_URL'],
  keyHeader: 'x-gladia-key',
  models: ['solaria-*'],
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen) }),
};

/**
 * Gladia: transcripts.
 *
 * @example gladia({ apiKey: process.env.MY_GLADIA_KEY })
 */
export function gladia(options: HostOptions = {}): Provider {
  return ownFormProvider(GLADIA, options);
}
