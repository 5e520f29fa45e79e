import { type FollowUp, GatewayError, type Provider, toAspectRatio } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { drawing, type PicturesForm } from '../pictures.ts';

const RATIOS = ['1:1', '16:9', '9:16', '4:3', '3:4', '21:9', '9:21'];
const POLL_MS = 1_000;

type Generation = {
  readonly id?: string;
  readonly state?: string;
  readonly failure_reason?: string | null;
  readonly assets?: { readonly image?: string | null } | null;
};

/** https://docs.lumalabs.ai/docs/image-generation */
const draw: PicturesForm = {
  honoured: { own: ['aspect_ratio'] },
  toRequest({ deployment: { model } }, { prompt, size, own, refuse }, { baseUrl, jsonHeaders }) {
    const ratio = toAspectRatio(size, RATIOS, refuse);
    const body = { prompt, model, ...(ratio !== undefined && { aspect_ratio: ratio }), ...own };
    return { url: `${baseUrl}/generations/image`, headers: jsonHeaders, body: JSON.stringify(body) };
  },
  follow,
  toPictures(body) {
    const url = (body as Generation).assets?.image;
    if (typeof url !== 'string') throw new GatewayError('upstream_invalid_answer', 'The provider has drawn no picture', { retryable: true });
    return [{ url }];
  },
};

function follow(body: unknown, { baseUrl, headers }: BaseEndpoint): FollowUp | undefined {
  const { id, state, failure_reason: reason } = body as Generation;
  if (state === 'completed') return undefined;
  if (state === 'failed') throw new GatewayError('upstream_error', `The picture could not be drawn: ${reason ?? 'no reason was given'}`);
  return { wire: { url: `${baseUrl}/generations/${encodeURIComponent(String(id))}`, method: 'GET', headers }, afterMs: POLL_MS };
}

export const LUMA: OwnForm = {
  name: 'luma',
  baseUrl: 'https://api.lumalabs.ai/dream-machine/v1',
  basePath: '/dream-machine/v1',
  keys: ['LUMA_API_KEY', 'LUMAAI_API_KEY'],
  baseUrls: ['LUMA_API_BASE', 'LUMA_BASE_URL'],
  models: ['photon-*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw) }),
};

/**
 * Luma: pictures by Photon.
 *
 * @example luma({ apiKey: process.env.MY_LUMA_KEY })
 */
export function luma(options: HostOptions = {}): Provider {
  return ownFormProvider(LUMA, options);
}
