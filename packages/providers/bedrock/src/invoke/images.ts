import {
  GatewayError,
  type JsonObject,
  type Mapping,
  type ModelRequest,
  type ProviderCall,
  type Refuse,
  refuser,
  type WireError,
  knownRequest,
} from '@sluice/core';
import type { AwsSigner } from '@sluice/aws-wire';
import { errorsOf } from '../converse/converse.ts';
import type { EndpointOf } from '../endpoint.ts';
import { readModelName } from '../model-name.ts';
import { toAspectRatio, toSides } from './image-size.ts';

type Answer = {
  readonly images?: readonly string[];
  readonly finish_reasons?: readonly (string | null)[];
  readonly artifacts?: readonly { readonly base64?: string; readonly finishReason?: string }[];
  readonly error?: string | null;
};

const OPENAI = ['prompt', 'n', 'size', 'response_format'];
const AMAZON = [...OPENAI, 'quality', 'negative_prompt', 'cfg_scale', 'seed', 'style'];
const STABILITY = [...OPENAI, 'output_format', 'negative_prompt', 'seed', 'aspect_ratio'];
const FILTERED = 'The provider refused the content';

/**
 * Pictures by Titan, Nova Canvas and Stability's models. https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-stability-diffusion.html
 */
export function images(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  const toError = errorsOf(signer);
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const { family, id } = readModelName(call.deployment);
      const refuse = refuser(call.deployment);
      const body =
        family === 'titan' || family === 'nova' ? ofAmazon(call, refuse) : ofStability(call, { refuse, isFirst: id.includes('stable-diffusion-xl') });
      return { url: url('invoke'), headers, body: JSON.stringify(body) };
    },
    toReply,
    toError(error, call) {
      const filtered = filterIn(error);
      return filtered === undefined ? toError(error, call) : new GatewayError('content_policy_violation', filtered);
    },
  };
}

function ofAmazon(call: ProviderCall, refuse: Refuse): JsonObject {
  const request = knownRequest(call, AMAZON);
  requireBase64(request, refuse);
  const { prompt, n, size, quality, negative_prompt: negativeText, cfg_scale: cfgScale, seed, style } = request;
  return {
    taskType: 'TEXT_IMAGE',
    textToImageParams: {
      text: prompt,
      ...(typeof negativeText === 'string' && { negativeText }),
      ...(typeof style === 'string' && { style: style.toUpperCase() }),
    },
    imageGenerationConfig: {
      ...(typeof n === 'number' && { numberOfImages: n }),
      ...toSides(size, refuse),
      ...(typeof quality === 'string' && { quality: quality === 'hd' || quality === 'high' || quality === 'premium' ? 'premium' : 'standard' }),
      ...(typeof cfgScale === 'number' && { cfgScale }),
      ...(typeof seed === 'number' && { seed }),
    },
  };
}

/** SDXL, the first of them, takes sides in pixels and prompts with weights; the later ones a ratio. */
function ofStability(call: ProviderCall, { refuse, isFirst }: { readonly refuse: Refuse; readonly isFirst: boolean }): JsonObject {
  const request = knownRequest(call, STABILITY);
  requireBase64(request, refuse);
  const { prompt, n, size, output_format: format, negative_prompt: negative, seed, aspect_ratio: ratio } = request;
  if (typeof n === 'number' && n > 1) refuse('n', 'it makes one picture a call');
  const seeded = typeof seed === 'number' && { seed };
  if (isFirst)
    return { text_prompts: [{ text: prompt }, ...(typeof negative === 'string' ? [{ text: negative, weight: -1 }] : [])], ...toSides(size, refuse), ...seeded };
  return {
    prompt,
    mode: 'text-to-image',
    ...(typeof ratio === 'string' ? { aspect_ratio: ratio } : toAspectRatio(size, refuse)),
    ...(typeof format === 'string' && { output_format: format }),
    ...(typeof negative === 'string' && { negative_prompt: negative }),
    ...seeded,
  };
}

function requireBase64({ response_format: format }: ModelRequest, refuse: Refuse): void {
  if (format === 'url') refuse('response_format', 'it gives pictures as b64_json only');
}

function toReply(body: unknown): JsonObject {
  const { images: pictures, artifacts, finish_reasons: reasons = [] } = body as Answer;
  const found = (pictures ?? artifacts?.filter(({ finishReason }) => finishReason !== 'CONTENT_FILTERED').map(({ base64 }) => base64))?.filter(Boolean);
  const filtered = reasons.find((reason) => typeof reason === 'string') ?? (artifacts?.length ? FILTERED : undefined);
  if (found?.length === 0 && filtered !== undefined) throw new GatewayError('content_policy_violation', filtered);
  return { created: Math.floor(Date.now() / 1000), ...(found && { data: found.map((picture) => ({ b64_json: picture })) }) };
}

/** Amazon's models answer 200, with this in place of pictures. */
function filterIn({ body }: WireError): string | undefined {
  try {
    const { error } = JSON.parse(body) as Answer;
    return typeof error === 'string' && /content (?:filter|polic)|blocked|responsible ai/i.test(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
