import { type FollowUp, GatewayError, type JsonObject, type Provider, toAspectRatio } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import type { AskedPictures } from '../asked.ts';
import { toDataUrl } from '../given.ts';
import { drawing, type EditForm, editing, type PicturesForm } from '../pictures.ts';

/** https://docs.dev.runwayml.com/api, by which pictures are as many points wide and high */
const SIZES = ['1024:1024', '1080:1080', '1920:1080', '1080:1920', '1360:768', '1168:880', '1440:1080', '1080:1440', '1808:768', '2112:912'];
const HONOURED = { own: [], seed: true };
const POLL_MS = 2_000;

type Task = { readonly id?: string; readonly status?: string; readonly output?: readonly string[]; readonly failure?: string; readonly failureCode?: string };

function follow(body: unknown, { baseUrl, headers }: BaseEndpoint): FollowUp | undefined {
  const { id, status, failure, failureCode } = body as Task;
  if (status === 'SUCCEEDED') return undefined;
  if (status === 'FAILED' || status === 'CANCELLED') {
    const code = String(failureCode).startsWith('SAFETY') ? 'content_policy_violation' : 'upstream_error';
    throw new GatewayError(code, `The picture could not be drawn: ${failure ?? status}`);
  }
  return { wire: { url: `${baseUrl}/tasks/${encodeURIComponent(String(id))}`, method: 'GET', headers }, afterMs: POLL_MS };
}

function toPictures(body: unknown): readonly JsonObject[] {
  return ((body as Task).output ?? []).map((url) => ({ url }));
}

const draw: PicturesForm = {
  honoured: HONOURED,
  toRequest: ({ deployment: { model } }, asked, endpoint) => toTask(toInput(model, asked), endpoint),
  follow,
  toPictures,
};

const edit: EditForm = {
  honoured: HONOURED,
  mostGiven: 3,
  toRequest({ deployment: { model } }, asked, endpoint) {
    if (asked.mask) asked.refuse('mask');
    return toTask({ ...toInput(model, asked), referenceImages: asked.images.map((image) => ({ uri: toDataUrl(image) })) }, endpoint);
  },
  follow,
  toPictures,
};

/** It has no size of its own for those who name none. */
function toInput(model: string, { prompt, size, sides, seed, refuse }: AskedPictures): JsonObject {
  const exact = sides && `${sides.width}:${sides.height}`;
  const ratio = SIZES.find((known) => known === exact) ?? toAspectRatio(size, SIZES, refuse) ?? SIZES[0];
  return { model, promptText: prompt, ratio, ...(seed !== undefined && { seed }) };
}

function toTask(input: JsonObject, { baseUrl, jsonHeaders }: BaseEndpoint) {
  return { url: `${baseUrl}/text_to_image`, headers: jsonHeaders, body: JSON.stringify(input) };
}

export const RUNWAYML: OwnForm = {
  name: 'runwayml',
  baseUrl: 'https://api.dev.runwayml.com/v1',
  basePath: '/v1',
  keys: ['RUNWAYML_API_SECRET', 'RUNWAYML_API_KEY'],
  baseUrls: ['RUNWAYML_API_BASE', 'RUNWAYML_BASE_URL'],
  headers: { 'x-runway-version': '2024-11-06' },
  models: ['gen4_image*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw), 'images.edit': editing(endpointOf, edit) }),
};

/**
 * Runway: pictures by Gen-4 Image, also after others.
 *
 * @example runwayml({ apiKey: process.env.MY_RUNWAY_KEY })
 */
export function runwayml(options: HostOptions = {}): Provider {
  return ownFormProvider(RUNWAYML, options);
}
