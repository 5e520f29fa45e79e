import { type FollowUp, GatewayError, type JsonObject, type Provider, type Sides } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import type { AskedPictures } from '../asked.ts';
import { toBase64 } from '../given.ts';
import { drawing, type EditForm, editing, type PicturesForm } from '../pictures.ts';

/** https://docs.bfl.ai, without what sends the answer elsewhere */
const OWN = `aspect_ratio width height safety_tolerance prompt_upsampling steps guidance interval raw image_prompt image_prompt_strength
  top bottom left right`.split(/\s+/);
const HONOURED = { own: OWN, formats: ['png', 'jpeg'], seed: true };
/** Models that are told a ratio, where the others are told sides. */
const BY_RATIO = /ultra|kontext/;
const POLL_MS = 500;

type Task = {
  readonly id?: string;
  readonly polling_url?: string;
  readonly status?: string;
  readonly result?: { readonly sample?: string; readonly seed?: number } | null;
};

/** Jobs are asked for where they were given, or at a neighbour of it. https://docs.bfl.ai/quick_start/generating_images */
const followed = { follow, followsTo: ['https://*.bfl.ai'] };

function follow(body: unknown, { baseUrl, headers }: BaseEndpoint): FollowUp | undefined {
  const { id, polling_url: url, status } = body as Task;
  switch (status) {
    case 'Ready':
      return undefined;
    case 'Request Moderated':
    case 'Content Moderated':
      throw new GatewayError('content_policy_violation', `The picture was withheld: ${status}`);
    case 'Error':
    case 'Failed':
    case 'Task not found':
      throw new GatewayError('upstream_error', `The picture could not be drawn: ${status}`);
    default:
      return { wire: { url: url ?? `${baseUrl}/get_result?id=${encodeURIComponent(String(id))}`, method: 'GET', headers }, afterMs: POLL_MS };
  }
}

function toPictures(body: unknown): readonly JsonObject[] {
  const { sample, seed } = (body as Task).result ?? {};
  if (sample === undefined) throw new GatewayError('upstream_invalid_answer', 'The provider has drawn no picture', { retryable: true });
  return [{ url: sample, ...(seed !== undefined && { seed }) }];
}

const draw: PicturesForm = {
  honoured: HONOURED,
  toRequest: ({ deployment: { model } }, asked, endpoint) => toTask(model, toInput(model, asked), endpoint),
  ...followed,
  toPictures,
};

const edit: EditForm = {
  honoured: HONOURED,
  mostGiven: 10,
  toRequest({ deployment: { model } }, asked, endpoint) {
    const { images, mask, refuse } = asked;
    const isWhole = /-(?:fill|expand)$/.test(model);
    if (mask && !/-fill$/.test(model)) refuse('mask', 'only flux-pro-1.0-fill takes one');
    if (isWhole && images.length > 1) refuse('image', 'one picture is taken');
    const field = isWhole ? 'image' : 'input_image';
    const given = images.map((image, index) => [index === 0 ? field : `${field}_${index + 1}`, toBase64(image)]);
    const masked = mask && /-fill$/.test(model) ? { mask: toBase64(mask) } : {};
    return toTask(model, { ...toInput(model, asked), ...Object.fromEntries(given), ...masked }, endpoint);
  },
  ...followed,
  toPictures,
};

function toInput(model: string, { prompt, size, sides, seed, format, own, refuse }: AskedPictures): JsonObject {
  if (size !== undefined && !sides) refuse('size', 'it is written as 1024x1024');
  return {
    ...(prompt !== undefined && { prompt }),
    ...(sides && (BY_RATIO.test(model) ? { aspect_ratio: ratioOf(sides) } : sides)),
    ...(seed !== undefined && { seed }),
    ...(format !== undefined && { output_format: format }),
    ...own,
  };
}

function ratioOf({ width, height }: Sides): string {
  const divisor = greatestCommonDivisor(width, height);
  return `${width / divisor}:${height / divisor}`;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

function toTask(model: string, input: JsonObject, { baseUrl, jsonHeaders }: BaseEndpoint) {
  return { url: `${baseUrl}/${encodeURIComponent(model)}`, headers: jsonHeaders, body: JSON.stringify(input) };
}

export const BLACK_FOREST_LABS: OwnForm = {
  name: 'black_forest_labs',
  baseUrl: 'https://api.bfl.ai/v1',
  basePath: '/v1',
  keys: ['BFL_API_KEY', 'BLACK_FOREST_LABS_API_KEY'],
  baseUrls: ['BFL_API_BASE', 'BFL_BASE_URL'],
  keyHeader: 'x-key',
  models: ['flux-*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw), 'images.edit': editing(endpointOf, edit) }),
};

/**
 * Black Forest Labs: pictures by FLUX.
 *
 * @example blackForestLabs({ apiKey: process.env.MY_BFL_KEY })
 */
export function blackForestLabs(options: HostOptions = {}): Provider {
  return ownFormProvider(BLACK_FOREST_LABS, options);
}
