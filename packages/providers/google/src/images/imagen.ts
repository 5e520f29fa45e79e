import { GatewayError, type JsonObject, type Mapping, type ProviderCall } from '@sluice/core';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import { readImageRequest } from './image-request.ts';

type Prediction = {
  readonly bytesBase64Encoded?: string;
  readonly mimeType?: string;
  /** What was drawn, where the model has rewritten the prompt. */
  readonly prompt?: string;
  readonly raiFilteredReason?: string;
};

const RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9'];
/** Parameters of Imagen's own, by what callers may call them. https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api */
const OWN: Readonly<Record<string, string>> = {
  negative_prompt: 'negativePrompt',
  seed: 'seed',
  guidance_scale: 'guidanceScale',
  person_generation: 'personGeneration',
  safety_setting: 'safetySetting',
  add_watermark: 'addWatermark',
  enhance_prompt: 'enhancePrompt',
  language: 'language',
};

/** Whether a model draws and does nothing else. */
export function isImagen(model: string): boolean {
  return /(?:^|\/)imagen/.test(model);
}

/** Pictures by Imagen's `predict`. */
export function imagen(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      return { url: url('predict'), headers, body: JSON.stringify(toBody(call)) };
    },
    toReply: (body) => toReply(body as { readonly predictions?: readonly Prediction[] }),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toBody(call: ProviderCall): JsonObject {
  const { prompt, count, aspectRatio, imageSize, mimeType, compression, own } = readImageRequest(call, RATIOS, Object.keys(OWN));
  const outputOptions = { ...(mimeType !== undefined && { mimeType }), ...(compression !== undefined && { compressionQuality: compression }) };
  return {
    instances: [{ prompt }],
    parameters: {
      sampleCount: count,
      ...(aspectRatio !== undefined && { aspectRatio }),
      ...(imageSize !== undefined && { sampleImageSize: imageSize }),
      ...(Object.keys(outputOptions).length > 0 && { outputOptions }),
      // Otherwise a picture that is withheld is just not there.
      includeRaiReason: true,
      ...Object.fromEntries(Object.entries(own).map(([name, value]) => [OWN[name], value])),
    },
  };
}

/** @throws GatewayError `content_policy_violation` where every picture was withheld. */
function toReply({ predictions = [] }: { readonly predictions?: readonly Prediction[] }): JsonObject {
  const data = predictions.flatMap(({ bytesBase64Encoded: image, prompt }) =>
    image === undefined ? [] : [{ b64_json: image, ...(prompt !== undefined && { revised_prompt: prompt }) }],
  );
  if (data.length === 0) {
    const reason = predictions.find(({ raiFilteredReason }) => raiFilteredReason !== undefined)?.raiFilteredReason;
    throw new GatewayError('content_policy_violation', reason ?? 'Every picture was withheld by the filters of the model');
  }
  const format = predictions[0]?.mimeType?.replace('image/', '');
  return { created: Math.floor(Date.now() / 1000), data, ...(format !== undefined && { output_format: format }) };
}
