import { type Deployment, formBody, formTexts, GatewayError, type JsonObject, type Provider, toAspectRatio, type WireRequest } from '@sluice/core';
import { type BaseEndpoint, type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import type { Picture } from '../given.ts';
import { drawing, type EditForm, editing, type PicturesForm } from '../pictures.ts';

const RATIOS = ['1:1', '16:9', '9:16', '3:2', '2:3', '5:4', '4:5', '21:9', '9:21'];
const FORMATS = ['png', 'jpeg', 'webp'];
/** https://platform.stability.ai/docs/api-reference */
const DRAWN_WITH = ['aspect_ratio', 'negative_prompt', 'style_preset', 'cfg_scale'];
const CHANGED_WITH = [
  ...DRAWN_WITH,
  ...['strength', 'search_prompt', 'select_prompt', 'grow_mask', 'left', 'right', 'up', 'down', 'creativity', 'control_strength', 'fidelity'],
];

/** What is done with a picture, by the names of models that LiteLLM gives them. Some more answer by jobs, and are not mapped. */
const EDITS: Readonly<Record<string, string>> = {
  inpaint: 'edit/inpaint',
  outpaint: 'edit/outpaint',
  erase: 'edit/erase',
  'search-and-replace': 'edit/search-and-replace',
  'search-and-recolor': 'edit/search-and-recolor',
  'remove-background': 'edit/remove-background',
  sketch: 'control/sketch',
  structure: 'control/structure',
  style: 'control/style',
  fast: 'upscale/fast',
  conservative: 'upscale/conservative',
};
const JOBS = ['replace-background-and-relight', 'creative', 'style-transfer'];

type Drawn = { readonly image?: string; readonly finish_reason?: string; readonly seed?: number };

function toPictures(body: unknown): readonly JsonObject[] {
  const { image, finish_reason: reason, seed } = body as Drawn;
  if (reason === 'CONTENT_FILTERED') throw new GatewayError('content_policy_violation', 'The picture was withheld by the filter of the provider');
  if (typeof image !== 'string') throw new GatewayError('upstream_invalid_answer', 'The provider has drawn no picture', { retryable: true });
  return [{ b64_json: image, ...(seed !== undefined && { seed }) }];
}

const draw: PicturesForm = {
  honoured: { own: DRAWN_WITH, formats: FORMATS, seed: true, answers: 'bytes' },
  toRequest({ deployment }, { prompt, size, seed, format, own, refuse }, endpoint) {
    const { path, model } = toGenerator(deployment);
    const ratio = toAspectRatio(size, RATIOS, refuse);
    return toForm(endpoint, path, { prompt, ...model, aspect_ratio: ratio, output_format: format, seed, ...own });
  },
  toPictures,
};

const edit: EditForm = {
  honoured: { own: CHANGED_WITH, formats: FORMATS, seed: true, answers: 'bytes' },
  mostGiven: 1,
  toRequest({ deployment }, { prompt, size, seed, format, own, images, mask, refuse }, endpoint) {
    const { model: name } = deployment;
    if (JOBS.includes(name)) throw new GatewayError('unsupported_operation', `'${name}' answers by a job that this gateway does not follow`);
    const path = EDITS[name];
    if (size !== undefined) refuse('size', 'a picture keeps its size');
    if (mask && path === undefined) refuse('mask', 'a model that draws changes the whole picture; inpaint takes a mask');
    const { path: generator, model } = toGenerator(deployment);
    const generating = path === undefined && { ...model, ...(generator === 'generate/sd3' && { mode: 'image-to-image' }) };
    const fields = { prompt, ...generating, output_format: format, seed, ...own };
    return toForm(endpoint, path ?? generator, fields, { image: images[0], mask: path === undefined ? undefined : mask });
  },
  toPictures,
};

/** The models of one name are told apart by a field. */
function toGenerator({ model }: Deployment): { readonly path: string; readonly model: JsonObject } {
  if (/^(?:stable-image-)?core$/.test(model)) return { path: 'generate/core', model: {} };
  if (/^(?:stable-image-)?ultra$/.test(model)) return { path: 'generate/ultra', model: {} };
  return { path: 'generate/sd3', model: model === 'sd3' ? {} : { model } };
}

function toForm(
  { baseUrl, headers }: BaseEndpoint,
  path: string,
  fields: JsonObject,
  pictures: Readonly<Record<string, Picture | undefined>> = {},
): WireRequest {
  const files = Object.entries(pictures).flatMap(([field, picture]) => (picture ? [{ ...picture, field }] : []));
  const { contentType, body } = formBody(formTexts(fields), files);
  return { url: `${baseUrl}/v2beta/stable-image/${path}`, headers: { ...headers, accept: 'application/json', 'content-type': contentType }, body };
}

export const STABILITY: OwnForm = {
  name: 'stability',
  baseUrl: 'https://api.stability.ai',
  keys: ['STABILITY_API_KEY'],
  baseUrls: ['STABILITY_API_BASE', 'STABILITY_BASE_URL'],
  probePath: '/v1/user/balance',
  models: ['stable-image-*', 'sd3*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw), 'images.edit': editing(endpointOf, edit) }),
};

/**
 * Stability AI: Stable Image Core and Ultra, Stable Diffusion 3, and what can be done with a picture.
 *
 * @example stability({ apiKey: process.env.MY_STABILITY_KEY })
 */
export function stability(options: HostOptions = {}): Provider {
  return ownFormProvider(STABILITY, options);
}
