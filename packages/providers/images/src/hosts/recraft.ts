import { formBody, type JsonObject, type Provider } from '@sluice/core';
import { type HostOptions, type OwnForm, ownFormProvider } from '@sluice/openai-wire';
import { drawing, type EditForm, editing, type PicturesForm } from '../pictures.ts';

/** https://www.recraft.ai/docs/api-reference/endpoints */
const OWN = ['style', 'substyle', 'style_id', 'negative_prompt', 'controls', 'text_layout'];
/** How far a picture is changed that says nothing of it, as in LiteLLM: the host has no usual value. */
const STRENGTH = 0.2;

function toPictures(body: unknown): readonly JsonObject[] {
  return (body as { readonly data: readonly JsonObject[] }).data;
}

const draw: PicturesForm = {
  honoured: { own: OWN, most: 6, answers: 'either' },
  toRequest({ deployment: { model } }, { prompt, count, size, answer, own }, { baseUrl, jsonHeaders }) {
    const fields = {
      prompt,
      model,
      ...(count > 1 && { n: count }),
      ...(size !== undefined && { size }),
      ...(answer !== undefined && { response_format: answer }),
      ...own,
    };
    return { url: `${baseUrl}/images/generations`, headers: jsonHeaders, body: JSON.stringify(fields) };
  },
  toPictures,
};

const edit: EditForm = {
  honoured: { own: [...OWN, 'strength'], most: 6, answers: 'either' },
  mostGiven: 1,
  toRequest({ deployment: { model } }, { prompt, count, size, answer, own, images, mask, refuse }, { baseUrl, headers }) {
    if (size !== undefined) refuse('size', 'a picture keeps its size');
    const { strength = STRENGTH, ...rest } = own;
    const fields: JsonObject = {
      prompt,
      model,
      ...(count > 1 && { n: count }),
      ...(answer !== undefined && { response_format: answer }),
      ...(mask ? {} : { strength }),
      ...rest,
    };
    const texts = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, toText(value)] as const]));
    const files = [...images.map((image) => ({ ...image, field: 'image' })), ...(mask ? [{ ...mask, field: 'mask' }] : [])];
    const { contentType, body } = formBody(texts, files);
    return { url: `${baseUrl}/images/${mask ? 'inpaint' : 'imageToImage'}`, headers: { ...headers, 'content-type': contentType }, body };
  },
  toPictures,
};

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const RECRAFT: OwnForm = {
  name: 'recraft',
  baseUrl: 'https://external.api.recraft.ai/v1',
  basePath: '/v1',
  keys: ['RECRAFT_API_KEY', 'RECRAFT_API_TOKEN'],
  baseUrls: ['RECRAFT_API_BASE', 'RECRAFT_BASE_URL'],
  models: ['recraft*'],
  operations: (endpointOf) => ({ 'images.generate': drawing(endpointOf, draw), 'images.edit': editing(endpointOf, edit) }),
};

/**
 * Recraft: pictures in styles, as pixels or vectors.
 *
 * @example recraft({ apiKey: process.env.MY_RECRAFT_KEY })
 */
export function recraft(options: HostOptions = {}): Provider {
  return ownFormProvider(RECRAFT, options);
}
