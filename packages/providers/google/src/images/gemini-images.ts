import { GatewayError, type JsonObject, type Mapping, type ProviderCall } from '@sluice/core';
import { blockedText } from '../answer/extras.ts';
import { toFinishReason } from '../answer/finish-reason.ts';
import { toUsage } from '../answer/to-usage.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { GenerateContentResponse, Part } from '../wire.ts';
import { readImageRequest } from './image-request.ts';

const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const OWN = ['safety_settings', 'seed'];

/** Pictures by models that also talk. https://ai.google.dev/gemini-api/docs/image-generation */
export function geminiImages(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      return { url: url('generateContent'), headers, body: JSON.stringify(toDrawing(call)) };
    },
    toReply: (body) => toReply(body as GenerateContentResponse),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

/** What is to be drawn, from `pictures` where there are any. */
export function toDrawing(call: ProviderCall, pictures: readonly Part[] = []): JsonObject {
  const { prompt, count, aspectRatio, imageSize, mimeType, compression, own, refuse } = readImageRequest(call, RATIOS, OWN);
  if (count > 1) refuse('n', 'a call draws one picture');
  if (mimeType !== undefined) refuse('output_format', 'the model chooses it');
  if (compression !== undefined) refuse('output_compression');
  const imageConfig = { ...(aspectRatio !== undefined && { aspectRatio }), ...(imageSize !== undefined && { imageSize }) };
  return {
    contents: [{ role: 'user', parts: [...pictures, { text: prompt }] }],
    generationConfig: {
      responseModalities: ['TEXT', 'IMAGE'],
      ...(Object.keys(imageConfig).length > 0 && { imageConfig }),
      ...(own.seed !== undefined && { seed: own.seed }),
    },
    ...(own.safety_settings !== undefined && { safetySettings: own.safety_settings }),
  };
}

/** @throws GatewayError `content_policy_violation` where the picture was withheld, `upstream_invalid_answer` where none was drawn. */
function toReply({ candidates = [], promptFeedback, usageMetadata }: GenerateContentResponse): JsonObject {
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []).filter(({ thought }) => thought !== true);
  const images = parts.flatMap(({ inlineData }) => inlineData ?? []);
  if (images.length === 0) throw withoutImage(candidates[0]?.finishReason, promptFeedback, parts.map(({ text = '' }) => text).join(''));
  const format = images[0]?.mimeType.replace('image/', '');
  return {
    created: Math.floor(Date.now() / 1000),
    data: images.map(({ data }) => ({ b64_json: data })),
    output_format: format,
    ...usageOf(usageMetadata),
  };
}

function withoutImage(reason: string | number | undefined, feedback: GenerateContentResponse['promptFeedback'], said: string): GatewayError {
  if (feedback?.blockReason !== undefined) return new GatewayError('content_policy_violation', blockedText(feedback));
  if (reason !== undefined && toFinishReason(reason, false) === 'content_filter' && reason !== 'NO_IMAGE')
    return new GatewayError('content_policy_violation', `The picture was withheld: ${reason}`);
  return new GatewayError('upstream_invalid_answer', `The model has drawn no picture${said === '' ? '' : `, but said: ${said.slice(0, 500)}`}`);
}

/** As OpenAI's models that draw report it. */
function usageOf(metadata: GenerateContentResponse['usageMetadata']): JsonObject {
  const usage = toUsage(metadata);
  if (!usage) return {};
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  return {
    usage: {
      input_tokens: prompt_tokens,
      output_tokens: completion_tokens,
      total_tokens,
      input_tokens_details: prompt_tokens_details,
      output_tokens_details: completion_tokens_details,
    },
  };
}
