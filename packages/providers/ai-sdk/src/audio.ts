import { GatewayError } from '@sluice/core';
import { invalid } from './chat/parts.ts';
import { readFields } from './fields.ts';
import { type AiSdkOperation, common } from './operation.ts';
import type { AiSdkProvider, ByProvider, SpeechModel, Stretch, TranscriptionModel, TranscriptionResult } from './specification.ts';
import { readFiles } from './upload.ts';
import { bytesResponse, jsonResponse } from './wire-response.ts';

type SpeechOptions = {
  readonly text: string;
  readonly voice?: string;
  readonly outputFormat: string;
  readonly instructions?: string;
  readonly speed?: number;
  readonly providerOptions?: ByProvider;
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** Text read aloud. https://ai-sdk.dev/docs/ai-sdk-core/speech */
export const speech: AiSdkOperation<SpeechOptions> = {
  name: 'audio.speech',
  answersBytes: true,
  toOptions(call, ai) {
    const { provider } = speechModel(ai, call.deployment.model);
    const { request, options } = readFields(call, ['input', 'voice', 'response_format', 'instructions', 'speed', 'stream_format'], provider);
    const { input, voice, response_format: format, instructions, speed, stream_format: form } = request;
    if (form === 'sse') throw new GatewayError('unsupported_parameter', 'The AI SDK gives speech as a whole', { param: 'stream_format' });
    return {
      text: String(input),
      outputFormat: typeof format === 'string' ? format : 'mp3',
      ...(typeof voice === 'string' && { voice }),
      ...(typeof instructions === 'string' && { instructions }),
      ...(typeof speed === 'number' && { speed }),
      ...(options && { providerOptions: options }),
    };
  },
  async run({ ai, call, options, limits, send }) {
    const model = speechModel(ai, call.deployment.model);
    const { audio } = await limits.within(model.doGenerate({ ...options, ...common({ call, limits }) }), send.timeoutMs);
    const bytes = typeof audio === 'string' ? Buffer.from(audio, 'base64') : audio;
    return bytesResponse(CONTENT_TYPES[options.outputFormat] ?? 'application/octet-stream', bytes);
  },
};

type TranscriptionOptions = { readonly format: string; readonly timestampGranularities?: ('word' | 'segment')[]; readonly providerOptions?: ByProvider };

const FORMATS: readonly string[] = ['json', 'verbose_json', 'text'];

/** Speech written down. https://ai-sdk.dev/docs/ai-sdk-core/transcription */
export const transcription: AiSdkOperation<TranscriptionOptions> = {
  name: 'audio.transcribe',
  answersBytes: true,
  toOptions(call, ai) {
    const { provider, specificationVersion: version } = transcriptionModel(ai, call.deployment.model);
    const known = ['file', 'response_format', ...(version === 'v4' ? ['timestamp_granularities', 'timestamp_granularities[]'] : [])];
    const { request, options } = readFields(call, known, provider);
    const format = String(request.response_format ?? 'json');
    if (!FORMATS.includes(format)) throw new GatewayError('unsupported_parameter', `The AI SDK gives ${FORMATS.join(', ')}`, { param: 'response_format' });
    const granularities = [request.timestamp_granularities ?? request['timestamp_granularities[]'] ?? []].flat() as ('word' | 'segment')[];
    return { format, ...(granularities.length > 0 && { timestampGranularities: granularities }), ...(options && { providerOptions: options }) };
  },
  async run({ ai, call, options: { format, ...options }, limits, send }) {
    const [file] = (await readFiles(call)).get('file') ?? [];
    if (!file) throw invalid('file', 'is missing');
    const given = { ...options, audio: file.bytes, mediaType: file.mediaType, ...common({ call, limits }) };
    const result = await limits.within(transcriptionModel(ai, call.deployment.model).doGenerate(given), send.timeoutMs);
    return format === 'text' ? bytesResponse('text/plain; charset=utf-8', `${result.text}\n`) : jsonResponse(toTranscript(result, format === 'verbose_json'));
  },
};

function toTranscript({ text, segments, words, language, durationInSeconds: seconds, warnings }: TranscriptionResult, isVerbose: boolean): object {
  return {
    text,
    ...(isVerbose && {
      task: 'transcribe',
      ...(language !== undefined && { language }),
      ...(seconds !== undefined && { duration: seconds }),
      segments: segments.map((segment, id) => ({ id, ...toStretch(segment), text: segment.text })),
      ...(words && { words: words.map((word) => ({ word: word.text, ...toStretch(word) })) }),
    }),
    ...(seconds !== undefined && { usage: { type: 'duration', seconds } }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function toStretch({ startSecond, endSecond }: Stretch): object {
  return { start: startSecond, end: endSecond };
}

function speechModel(ai: AiSdkProvider, name: string): SpeechModel {
  if (!ai.speechModel) throw new GatewayError('unsupported_operation', `The AI SDK package of '${name}' does not speak`);
  return ai.speechModel(name);
}

function transcriptionModel(ai: AiSdkProvider, name: string): TranscriptionModel {
  if (!ai.transcriptionModel) throw new GatewayError('unsupported_operation', `The AI SDK package of '${name}' does not transcribe`);
  return ai.transcriptionModel(name);
}
