import { formBody, formTexts, GatewayError, type JsonObject, type Provider, toAspectRatio } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { drawing, type PicturesForm } from '../pictures.ts';

/** https://developer.ideogram.ai/v1/api-reference */
const OWN = ['rendering_speed', 'resolution', 'magic_prompt', 'negative_prompt', 'style_type', 'style_preset', 'aspect_ratio'];
const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '16:10', '10:16', '4:5', '5:4', '2:1', '1:2', '3:1', '1:3'];

type Drawn = { readonly url?: string | null; readonly prompt?: string; readonly is_image_safe?: boolean; readonly seed?: number; readonly resolution?: string };

const draw: PicturesForm = {
  honoured: { own: OWN, most: 8, seed: true },
  toRequest({ deployment: { model } }, { prompt, count, size, seed, own, refuse }, { baseUrl, headers }) {
    const ratio = toAspectRatio(size, RATIOS, refuse)?.replace(':', 'x');
    const fields = {
      // From its fourth version on a prompt may be something else than text.
      [/-v[4-9]/.test(model) ? 'text_prompt' : 'prompt']: prompt,
      ...(count > 1 && { num_images: count }),
      ...(ratio !== undefined && { aspect_ratio: ratio }),
      ...(seed !== undefined && { seed }),
      ...own,
    };
    const { contentType, body } = formBody(formTexts(fields));
    return { url: `${baseUrl}/${encodeURIComponent(model)}/generate`, headers: { ...headers, 'content-type': contentType }, body };
  },
  toPictures(body) {
    const drawn = (body as { readonly data: readonly Drawn[] }).data;
    const seen = drawn.filter(({ url }) => typeof url === 'string' && url !== '');
    if (seen.length === 0) throw new GatewayError('content_policy_violation', 'The picture was withheld by the filter of the provider');
    return seen.map(
      ({ url, prompt, seed, resolution }): JsonObject => ({
        url,
        ...(prompt !== undefined && { revised_prompt: prompt }),
        ...(seed !== undefined && { seed }),
        ...(resolution !== undefined && { resolution }),
      }),
    );
  },
};

export const IDEOGRAM: OwnForm = {
  name: 'ideogram',
  baseUrl: 'https://api.ideogram.ai/v1',
  basePath: '/v1',
  keys: ['IDEOGRAM_API_KEY'],
  baseUrls: ['IDEOGRAM_API_BASE', 'IDEOGRAM_BASE_URL'],
  keyHeader: 'api-key',
  models: ['ideogram-*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw) }),
};

/**
 * Ideogram: pictures with writing in them.
 *
 * @example ideogram({ apiKey: process.env.MY_IDEOGRAM_KEY })
 */
export function ideogram(options: HostOptions = {}): Provider {
  return ownFormProvider(IDEOGRAM, options);
}
