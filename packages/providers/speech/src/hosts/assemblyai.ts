import { type FollowUp, GatewayError, onlyFile, type Provider, type ProviderCall } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { readAsked } from '../transcript/asked.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://www.assemblyai.com/docs/api-reference/transcripts/submit, without what sends the answer elsewhere */
const OWN = `audio_end_at audio_start_from auto_chapters auto_highlights boost_param content_safety content_safety_confidence custom_spelling
  disfluencies domain dual_channel entity_detection filter_profanity format_text iab_categories keyterms_prompt language_confidence_threshold
  language_detection language_detection_options multichannel punctuate redact_pii redact_pii_policies redact_pii_sub remove_audio_tags
  sentiment_analysis speaker_labels speakers_expected speaker_options speech_threshold summarization summary_model summary_type topics word_boost`.split(/\s+/);
const HONOURED = { own: OWN, prompt: true, temperature: true };

const POLL_MS = 1_000;
/** Models from before the list, by the field they had. */
const FORMER_MODELS = ['best', 'nano', 'slam-1', 'universal'];

/** Times are in milliseconds. */
type Heard = { readonly text: string; readonly start: number; readonly end: number; readonly speaker?: string | null };

type Job = {
  readonly upload_url?: string;
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
  readonly text?: string | null;
  readonly language_code?: string;
  readonly audio_duration?: number | null;
  readonly words?: readonly Heard[] | null;
  readonly utterances?: readonly Heard[] | null;
};

/** The recording is left with the host, then written down by a job that is asked for until it is done. */
const listen: TranscriptionForm = {
  honoured: HONOURED,
  toRequest: ({ form }, _asked, { baseUrl, headers }) => ({
    url: `${baseUrl}/v2/upload`,
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: onlyFile(form).bytes,
  }),
  follow: (body, call, endpoint) => toNext(body as Job, call, endpoint),
  toTranscript: (body) => toTranscript(body as Job),
};

function toNext({ upload_url: address, id, status, error }: Job, call: ProviderCall, { baseUrl, headers, jsonHeaders }: BaseEndpoint): FollowUp | undefined {
  if (typeof address === 'string')
    return { wire: { url: `${baseUrl}/v2/transcript`, headers: jsonHeaders, body: JSON.stringify(toJob(call, address)) }, afterMs: 0 };
  if (status === 'error') throw new GatewayError('upstream_error', `The recording could not be written down: ${error ?? 'no reason was given'}`);
  if (status === 'completed') return undefined;
  return { wire: { url: `${baseUrl}/v2/transcript/${encodeURIComponent(String(id))}`, method: 'GET', headers }, afterMs: POLL_MS };
}

function toJob(call: ProviderCall, address: string): object {
  const { model } = call.deployment;
  const { format, language, prompt, temperature, own } = readAsked(call, HONOURED);
  return {
    audio_url: address,
    ...(FORMER_MODELS.includes(model) ? { speech_model: model } : { speech_models: [model] }),
    // It assumes English unless it is told to listen.
    ...(language === undefined ? { language_detection: true } : { language_code: language }),
    ...(prompt !== undefined && { prompt }),
    ...(temperature !== undefined && { temperature }),
    ...(format === 'diarized_json' && { speaker_labels: true }),
    ...own,
  };
}

function toTranscript({ text, language_code: language, audio_duration: seconds, words, utterances }: Job): Transcript {
  return {
    text: text ?? '',
    language,
    seconds: seconds ?? undefined,
    words: (words ?? []).map(inSeconds),
    segments: utterances?.map(inSeconds),
  };
}

function inSeconds({ text, start, end, speaker }: Heard): Transcript['words'][number] {
  return { text, start: start / 1000, end: end / 1000, speaker: speaker ?? undefined };
}

export const ASSEMBLYAI: OwnForm = {
  name: 'assemblyai',
  baseUrl: 'https://api.assemblyai.com',
  keys: ['ASSEMBLYAI_API_KEY'],
  baseUrls: ['ASSEMBLYAI_API_BASE', 'ASSEMBLYAI_BASE_URL'],
  keyHeader: 'authorization',
  probePath: '/v2/transcript?limit=1',
  models: ['universal-*'],
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen) }),
};

/**
 * AssemblyAI: transcripts.
 *
 * @example assemblyai({ apiKey: process.env.MY_ASSEMBLYAI_KEY })
 */
export function assemblyai(options: HostOptions = {}): Provider {
  return ownFormProvider(ASSEMBLYAI, options);
}
