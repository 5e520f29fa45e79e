import { BOOKKEEPING_FIELDS, GatewayError, type JsonObject, type Mapping, type ModelRequest, type ProviderCall, refuser } from '@sluice/core';
import { omit, renamed } from '@sluice/openai-wire';
import { withoutNulls } from './without-nulls.ts';

/** By the word that it is asked for with. https://docs.mistral.ai/api/endpoint/audio/speech */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  opus: 'audio/opus',
  pcm: 'audio/pcm',
};

export const SPEECH_LACKS = ['instructions', 'speed'];

export function toSpeechRequest(given: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const refuse = refuser(deployment);
  const { stream_format: stream = 'audio', ...request } = omit(withoutNulls(given), ...BOOKKEEPING_FIELDS);
  const { response_format: format = 'mp3', voice = '' } = request;
  const isKnown = CONTENT_TYPES[String(format)] !== undefined;
  if (!isKnown) refuse('response_format', `speech comes as one of ${Object.keys(CONTENT_TYPES).join(', ')}`);
  if (stream !== 'audio') refuse('stream_format', 'speech comes whole');
  if (typeof voice !== 'string') refuse('voice', 'a voice is named');
  const without = [...(isKnown ? [] : ['response_format']), ...(typeof voice === 'string' ? [] : ['voice'])];
  return renamed(omit(request, ...without), 'voice', 'voice_id') as ModelRequest;
}

/** The sound comes in JSON. @throws GatewayError `upstream_invalid_answer` */
export const speechAnswers: Pick<Mapping, 'answersBytes' | 'toBytes'> = {
  answersBytes: false,
  toBytes(body, { request: { response_format: format } }) {
    const { audio_data: data } = body as JsonObject;
    if (typeof data !== 'string' || data === '') throw new GatewayError('upstream_invalid_answer', 'The model has said nothing', { retryable: true });
    return { contentType: CONTENT_TYPES[String(format)] ?? 'audio/mpeg', bytes: Buffer.from(data, 'base64') };
  },
};
