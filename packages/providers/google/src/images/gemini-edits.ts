import { type ContentPart, filesIn, GatewayError, type Mapping, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { toMedia } from '../chat/media.ts';
import type { EndpointOf } from '../endpoint.ts';
import type { Part } from '../wire.ts';
import { geminiImages, toDrawing } from './gemini-images.ts';

/**
 * Pictures made of other pictures, by models that also talk: what is to be changed is said in words, and no mask is read.
 * https://ai.google.dev/gemini-api/docs/image-generation
 */
export function geminiEdits(endpointOf: EndpointOf): Mapping {
  return {
    ...geminiImages(endpointOf),
    readsForm: true,
    needsBytes: () => true,
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      return { url: url('generateContent'), headers, body: JSON.stringify(toDrawing(withoutImages(call), picturesOf(call))) };
    },
  };
}

function withoutImages(call: ProviderCall): ProviderCall {
  const { images: _images, mask: _mask, ...request } = call.request;
  return { ...call, request };
}

function picturesOf({ form, request: { images, mask }, deployment: { provider } }: ProviderCall): readonly Part[] {
  const isMasked = (mask !== undefined && mask !== null) || form?.files.some(({ field }) => field === 'mask');
  if (isMasked) throw unsupportedParameter('mask', provider, 'say in the prompt what is to be changed');
  const pictures = form
    ? filesIn(form, ['image', 'image[]']).map(({ contentType, bytes }) => ({ inlineData: { mimeType: contentType, data: bytes.toString('base64') } }))
    : ((images ?? []) as readonly ContentPart[]).map((part, index) => toMedia({ ...part, type: 'image_url' }, { provider, param: `images[${index}]` }));
  if (pictures.length > 0) return pictures;
  throw new GatewayError('invalid_request', "'image' is missing: it is sent in a form, or named in 'images'", { param: 'image' });
}
