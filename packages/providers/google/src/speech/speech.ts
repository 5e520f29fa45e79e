import {
  BOOKKEEPING_FIELDS,
  GatewayError,
  type JsonObject,
  type Mapping,
  type ProviderCall,
  type Refuse,
  refuser,
  readUsage,
  supportedRequest,
} from '@sluice/core';
import { blockedText } from '../answer/extras.ts';
import { toUsage } from '../answer/to-usage.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { GenerateContentResponse } from '../wire.ts';
import { toWav } from './wav.ts';

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'voice', 'instructions', 'response_format', 'language_code', ...BOOKKEEPING_FIELDS]);
const DEFAULT_VOICE = 'Kore';
const DEFAULT_RATE = 24_000;

/** Speech by models that speak: raw samples, which are given as they are or as a WAV file. https://ai.google.dev/gemini-api/docs/speech-generation */
export function speech(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      return { url: url('generateContent'), headers, body: JSON.stringify(toBody(call)) };
    },
    toBytes: (body, call) => toBytes(body as GenerateContentResponse, call),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toBody(call: ProviderCall): JsonObject {
  const refuse = refuser(call.deployment);
  const unknown = Object.keys(call.request).filter((name) => !KNOWN.has(name));
  const { input, voice, instructions, response_format: format, language_code: language } = supportedRequest(call, unknown);
  if (format !== undefined && format !== null && format !== 'wav' && format !== 'pcm') refuse('response_format', 'speech comes as wav or pcm');
  const asked = typeof instructions === 'string' && instructions !== '' ? `${instructions.replace(/[:.\s]+$/, '')}: ${String(input)}` : String(input);
  return {
    contents: [{ role: 'user', parts: [{ text: asked }] }],
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: {
        voiceConfig: { prebuiltVoiceConfig: { voiceName: toVoice(voice, refuse) } },
        ...(typeof language === 'string' && { languageCode: language }),
      },
    },
  };
}

function toVoice(voice: unknown, refuse: Refuse): string {
  if (typeof voice === 'string') return voice;
  if (voice !== undefined && voice !== null) refuse('voice', 'a voice is named');
  return DEFAULT_VOICE;
}

/** @throws GatewayError `content_policy_violation`, `upstream_invalid_answer`. */
function toBytes(
  { candidates = [], promptFeedback, usageMetadata }: GenerateContentResponse,
  { request }: ProviderCall,
): ReturnType<NonNullable<Mapping['toBytes']>> {
  const pieces = candidates.flatMap(({ content }) => content?.parts ?? []).flatMap(({ inlineData }) => inlineData ?? []);
  if (promptFeedback?.blockReason !== undefined) throw new GatewayError('content_policy_violation', blockedText(promptFeedback));
  const [first] = pieces;
  if (!first)
    throw new GatewayError('upstream_invalid_answer', `The model has said nothing: ${candidates[0]?.finishReason ?? 'no reason'}`, { retryable: true });
  const samples = Buffer.concat(pieces.map(({ data }) => Buffer.from(data, 'base64')));
  const rate = Number(/rate=(\d+)/.exec(first.mimeType)?.[1] ?? DEFAULT_RATE);
  const usage = readUsage({ usage: toUsage(usageMetadata) });
  if (request.response_format === 'pcm') return { contentType: `audio/pcm;rate=${rate}`, bytes: samples, usage };
  return { contentType: 'audio/wav', bytes: toWav(samples, rate), usage };
}
