import { BOOKKEEPING_FIELDS, type ProviderCall, type Refuse, refuser, supportedRequest, toAspectRatio } from '@sluice/core';
import { toImageSize } from './to-image-size.ts';

/** What a picture is to be, in Google's words. */
export type ImageRequest = {
  readonly prompt: string;
  readonly count: number;
  readonly aspectRatio: string | undefined;
  /** `1K`, `2K` or `4K`. */
  readonly imageSize: string | undefined;
  readonly mimeType: string | undefined;
  readonly compression: number | undefined;
  /** Fields of Google's own, as callers wrote them. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly refuse: Refuse;
};

const MAPPED = ['model', 'prompt', 'n', 'size', 'aspect_ratio', 'image_size', 'output_format', 'output_compression', 'response_format'];
/** Values that ask for nothing but what happens anyway. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  quality: ['auto', 'standard', 'medium'],
  background: ['auto', 'opaque'],
  moderation: ['auto'],
  style: [],
  stream: [false],
};
const FORMATS: Readonly<Record<string, string>> = { png: 'image/png', jpeg: 'image/jpeg', jpg: 'image/jpeg' };

/**
 * Reads a request for pictures; `ratios` are those that the model draws, `ownFields` what else it takes.
 * @throws GatewayError `unsupported_parameter`.
 */
export function readImageRequest(call: ProviderCall, ratios: readonly string[], ownFields: readonly string[]): ImageRequest {
  const refuse = refuser(call.deployment);
  const known = new Set([...MAPPED, ...ownFields, ...BOOKKEEPING_FIELDS]);
  const unknown = Object.keys(call.request).filter((name) => !known.has(name) && !USUAL[name]?.includes(call.request[name]));
  const request = supportedRequest(call, unknown);
  const { prompt, n, size, aspect_ratio: ratio, image_size: imageSize, output_format: format, output_compression: compression } = request;
  if (request.response_format === 'url') refuse('response_format', 'pictures come as bytes (b64_json)');
  const mimeType = typeof format === 'string' ? FORMATS[format] : undefined;
  if (typeof format === 'string' && mimeType === undefined) refuse('output_format', `it is one of ${Object.keys(FORMATS).join(', ')}`);
  return {
    prompt: String(prompt),
    count: typeof n === 'number' ? n : 1,
    aspectRatio: typeof ratio === 'string' ? ratio : toAspectRatio(size, ratios, refuse),
    imageSize: typeof imageSize === 'string' ? imageSize : toImageSize(size),
    mimeType,
    compression: typeof compression === 'number' ? compression : undefined,
    own: Object.fromEntries(ownFields.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]]]))),
    refuse,
  };
}
