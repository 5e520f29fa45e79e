import type { Deployment, GatewayError, JsonObject, Provider } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider, toError } from '@sluice/openai-wire';
import { toQuery } from '../query.ts';
import { requireVoice, speech, type SpeechForm } from '../speech.ts';
import { recordingForm } from '../transcript/recording-form.ts';
import { speakerLetter } from '../transcript/speaker-letter.ts';
import type { Transcript, Word } from '../transcript/transcript.ts';
import { transcription, type TranscriptionForm } from '../transcript/transcription.ts';

/** https://elevenlabs.io/docs/api-reference/speech-to-text/convert, without what sends the answer elsewhere */
const LISTEN = `tag_audio_events num_speakers timestamps_granularity diarize diarization_threshold file_format seed use_multi_channel
  multichannel_output_style entity_detection no_verbatim use_speaker_library detect_speaker_roles entity_redaction entity_redaction_mode keyterms`.split(/\s+/);
/** https://elevenlabs.io/docs/api-reference/text-to-speech/stream */
const SPEAK = `language_code voice_settings pronunciation_dictionary_locators seed previous_text next_text previous_request_ids next_request_ids
  use_pvc_as_ivc apply_text_normalization apply_language_text_normalization`.split(/\s+/);
const SPEAK_QUERY = ['enable_logging', 'optimize_streaming_latency'];

type Heard = {
  readonly text: string;
  readonly type: string;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly speaker_id?: string | null;
};

type Listened = {
  readonly language_code?: string;
  readonly text?: string;
  readonly words?: readonly Heard[];
  readonly audio_duration_secs?: number | null;
  /** One for each channel. */
  readonly transcripts?: readonly Listened[];
};

const listen: TranscriptionForm = {
  honoured: { own: LISTEN, temperature: true },
  toRequest(call, { format, language, temperature, own }, endpoint) {
    const fields = {
      model_id: call.deployment.model,
      ...(language !== undefined && { language_code: language }),
      ...(temperature !== undefined && { temperature }),
      ...(format === 'diarized_json' && { diarize: true }),
      ...own,
    };
    return { url: `${endpoint.baseUrl}/speech-to-text`, ...recordingForm(call, endpoint, fields) };
  },
  toTranscript: (body) => toTranscript(body as Listened),
  toError: toOwnError,
};

function toTranscript({ transcripts, audio_duration_secs: seconds, ...whole }: Listened): Transcript {
  const channels = transcripts ?? [whole];
  return {
    text: channels.map(({ text = '' }) => text).join('\n'),
    language: channels[0]?.language_code,
    // Of all channels together, each of which is paid for.
    ...(typeof seconds === 'number' && (transcripts ? { billedSeconds: seconds } : { seconds })),
    words: channels.flatMap(({ words = [] }) => toWords(words)).sort((one, other) => one.start - other.start),
  };
}

/** What stands between words is told as words are. */
function toWords(heard: readonly Heard[]): readonly Word[] {
  const words: Word[] = [];
  let space = '';
  for (const { text, type, start, end, speaker_id: speaker } of heard) {
    if (type === 'spacing') space += text;
    else {
      const from = start ?? words.at(-1)?.end ?? 0;
      words.push({ text, start: from, end: end ?? from, space, ...(typeof speaker === 'string' && { speaker: toSpeaker(speaker) }) });
      space = '';
    }
  }
  return words;
}

/** Names stay names. */
function toSpeaker(speaker: string): string | undefined {
  const [, number] = /^speaker_(\d+)$/.exec(speaker) ?? [];
  return number === undefined ? speaker : speakerLetter(Number(number));
}

/** By OpenAI's names; its own names are taken as well, such as `mp3_22050_32`. */
const FORMATS: Readonly<Record<string, string>> = { mp3: 'mp3_44100_128', opus: 'opus_48000_128', wav: 'wav_24000', pcm: 'pcm_24000' };
const OWN_FORMATS = `alaw_8000 ulaw_8000 mp3_22050_32 mp3_24000_48 mp3_44100_32 mp3_44100_64 mp3_44100_96 mp3_44100_128 mp3_44100_192
  opus_48000_32 opus_48000_64 opus_48000_96 opus_48000_128 opus_48000_192 pcm_8000 pcm_16000 pcm_22050 pcm_24000 pcm_32000 pcm_44100 pcm_48000
  wav_8000 wav_16000 wav_22050 wav_24000 wav_32000 wav_44100 wav_48000`.split(/\s+/);

/** What OpenAI's names for voices stand for here, as in LiteLLM. A deployment's `voices` go before. */
const VOICES: Readonly<Record<string, string>> = {
  alloy: '21m00Tcm4TlvDq8ikWAM',
  ash: 'AZnzlk1XvdvUeBnXmlld',
  coral: '9BWtsMINqrJLrRacOk9x',
  onyx: '29vD33N1CtxCmqQRPOHJ',
  sage: 'CwhRBWXzGAHq8TQ4Fs17',
  verse: 'CYw3kZ02Hs0563khs1Fj',
};

const speak: SpeechForm = {
  formats: [...Object.keys(FORMATS), ...OWN_FORMATS],
  own: [...SPEAK, ...SPEAK_QUERY],
  speed: true,
  toRequest({ deployment }, { text, voice, format, speed, own }, { baseUrl, jsonHeaders }) {
    const outputFormat = FORMATS[format] ?? format;
    const query = { output_format: outputFormat, ...Object.fromEntries(SPEAK_QUERY.map((name) => [name, own[name]])) };
    const fields = Object.fromEntries(Object.entries(own).filter(([name]) => !SPEAK_QUERY.includes(name)));
    const settings = speed === undefined ? {} : { voice_settings: { ...(own.voice_settings as JsonObject | undefined), speed } };
    // A file of that form begins with its length, so that it is not spoken as it goes.
    const path = outputFormat.startsWith('wav') ? '' : '/stream';
    return {
      url: `${baseUrl}/text-to-speech/${encodeURIComponent(toVoiceId(deployment, requireVoice(voice)))}${path}${toQuery(query)}`,
      headers: jsonHeaders,
      body: JSON.stringify({ text, model_id: deployment.model, ...fields, ...settings }),
    };
  },
  toError: toOwnError,
};

function toVoiceId({ options }: Deployment, voice: string): string {
  const own = (options?.voices as JsonObject | undefined)?.[voice];
  return typeof own === 'string' ? own : (VOICES[voice] ?? voice);
}

/** An account that is used up is refused with 401, as a wrong key is. https://help.elevenlabs.io/hc/en-us/articles/19572237925521 */
function toOwnError(...[error, key]: Parameters<typeof toError>): GatewayError {
  return toError(error.status === 401 && /"quota_exceeded"/.test(error.body) ? { ...error, status: 402 } : error, key);
}

export const ELEVENLABS: OwnForm = {
  name: 'elevenlabs',
  baseUrl: 'https://api.elevenlabs.io/v1',
  basePath: '/v1',
  keys: ['ELEVENLABS_API_KEY'],
  baseUrls: ['ELEVENLABS_API_BASE', 'ELEVENLABS_BASE_URL'],
  keyHeader: 'xi-api-key',
  probePath: '/models',
  models: ['eleven_*', 'scribe_*'],
  operations: (endpointOf) => ({ 'audio.transcribe': transcription(endpointOf, listen), 'audio.speech': speech(endpointOf, speak) }),
};

/**
 * ElevenLabs: speech by voices of one's choice, transcripts by Scribe.
 *
 * @example elevenlabs({ apiKey: process.env.MY_ELEVENLABS_KEY })
 */
export function elevenlabs(options: HostOptions = {}): Provider {
  return ownFormProvider(ELEVENLABS, options);
}
