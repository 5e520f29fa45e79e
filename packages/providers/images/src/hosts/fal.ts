import { type FollowUp, GatewayError, type JsonObject, type Provider, type Sides, toAspectRatio } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import type { AskedPictures } from '../asked.ts';
import { toDataUrl } from '../given.ts';
import { drawing, type EditForm, editing, type PicturesForm } from '../pictures.ts';

/** Models that are told a ratio, where the others are told sides. https://fal.ai/models */
const BY_RATIO = /ultra|imagen|nano-banana|gemini|kontext/;
const RATIOS = ['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '9:21'];
/** Models that take a list of pictures, even of one. */
const BY_LIST = /\/edit$|nano-banana|gpt-image|seedream/;
const POLL_MS = 500;

type Queued = { readonly status?: string; readonly status_url?: string; readonly response_url?: string; readonly cancel_url?: string; readonly error?: string };

type Image = { readonly url?: string; readonly width?: number | null; readonly height?: number | null; readonly content_type?: string | null };

/** https://fal.ai/docs/model-endpoints/queue */
function follow(body: unknown, { headers }: BaseEndpoint): FollowUp | undefined {
  const { status, status_url: statusUrl, response_url: responseUrl, cancel_url: cancelUrl } = body as Queued;
  if (statusUrl === undefined && responseUrl === undefined) return undefined;
  if (status === 'COMPLETED' && responseUrl !== undefined) return { wire: { url: responseUrl, method: 'GET', headers }, afterMs: 0 };
  return {
    wire: { url: String(statusUrl), method: 'GET', headers },
    afterMs: POLL_MS,
    ...(cancelUrl !== undefined && { cancel: { url: cancelUrl, method: 'PUT', headers } }),
  };
}

function toPictures(body: unknown): readonly JsonObject[] {
  const { images, image, seed } = body as { readonly images?: readonly Image[]; readonly image?: Image; readonly seed?: number };
  const drawn = images ?? (image ? [image] : []);
  if (drawn.length === 0) throw new GatewayError('upstream_invalid_answer', 'The provider has drawn no picture', { retryable: true });
  return drawn.map(({ url, width, height, content_type: type }) => ({
    ...toPlace(url),
    ...(width && height && { width, height }),
    ...(type && { content_type: type }),
    ...(seed !== undefined && { seed }),
  }));
}

/** With `sync_mode` a picture stands in its address. */
function toPlace(url: string | undefined): JsonObject {
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(url ?? '') ?? [];
  return data === undefined ? { url } : { b64_json: data };
}

const HONOURED = { own: 'any', formats: ['png', 'jpeg', 'webp'], most: 10, seed: true } as const;

const draw: PicturesForm = {
  honoured: HONOURED,
  toRequest: ({ deployment: { model } }, asked, endpoint) => toSubmission(model, toInput(model, asked), endpoint),
  follow,
  toPictures,
};

const edit: EditForm = {
  honoured: HONOURED,
  mostGiven: 10,
  toRequest({ deployment: { model } }, asked, endpoint) {
    const urls = asked.images.map(toDataUrl);
    const isList = urls.length > 1 || BY_LIST.test(model);
    const given = { ...(isList ? { image_urls: urls } : { image_url: urls[0] }), ...(asked.mask && { mask_url: toDataUrl(asked.mask) }) };
    return toSubmission(model, { ...toInput(model, asked), ...given }, endpoint);
  },
  follow,
  toPictures,
};

function toInput(model: string, { prompt, count, size, sides, seed, format, own, refuse }: AskedPictures): JsonObject {
  const ratio = own.aspect_ratio === undefined && BY_RATIO.test(model) ? toAspectRatio(size, RATIOS, refuse) : undefined;
  if (size !== undefined && !BY_RATIO.test(model) && !sides) refuse('size', 'it is written as 1024x1024');
  return {
    ...(prompt !== undefined && { prompt }),
    ...(count > 1 && { num_images: count }),
    ...(ratio !== undefined && { aspect_ratio: ratio }),
    ...(!BY_RATIO.test(model) && sides && { image_size: sides satisfies Sides }),
    ...(seed !== undefined && { seed }),
    ...(format !== undefined && { output_format: format }),
    ...own,
  };
}

function toSubmission(model: string, input: JsonObject, { baseUrl, jsonHeaders }: BaseEndpoint) {
  const path = model.split('/').map(encodeURIComponent).join('/');
  return { url: `${baseUrl}/${path}`, headers: jsonHeaders, body: JSON.stringify(input) };
}

export const FAL: OwnForm = {
  name: 'fal_ai',
  baseUrl: 'https://queue.fal.run',
  keys: ['FAL_AI_API_KEY', 'FAL_KEY'],
  baseUrls: ['FAL_AI_API_BASE', 'FAL_AI_BASE_URL'],
  keyScheme: 'Key',
  models: ['fal-ai/*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw), 'images.edit': editing(endpointOf, edit) }),
};

/**
 * fal: pictures by its many models, through its queue.
 *
 * @example fal({ apiKey: process.env.MY_FAL_KEY })
 */
export function fal(options: HostOptions = {}): Provider {
  return ownFormProvider(FAL, options);
}
