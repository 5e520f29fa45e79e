import { filesIn, GatewayError, type JsonObject, type ProviderCall, unsupportedParameter } from '@sluice/core';

/** A picture that the caller gives. */
export type Picture = { readonly contentType: string; readonly bytes: Buffer; readonly fileName?: string | undefined };

export type GivenPictures = { readonly images: readonly Picture[]; readonly mask: Picture | undefined };

const DATA_URL = /^data:([^;,]+)(?:;[^;,]*)*;base64,(.*)$/is;

/**
 * The pictures to change and their mask, from a form or from JSON, where the gateway has fetched what was named by its
 * address. Up to `most` are taken.
 * @throws GatewayError `invalid_request`, `unsupported_parameter`.
 */
export function readGiven(call: ProviderCall, most: number): GivenPictures {
  const { images, mask } = call.form ? fromForm(call) : fromJson(call);
  if (images.length === 0) throw new GatewayError('invalid_request', "'image' is missing", { param: 'image' });
  if (images.length > most)
    throw unsupportedParameter('image', call.deployment.provider, most === 1 ? 'one picture is taken' : `up to ${most} pictures are taken`);
  return { images, mask };
}

export function toBase64({ bytes }: Picture): string {
  return bytes.toString('base64');
}

export function toDataUrl({ contentType, bytes }: Picture): string {
  return `data:${contentType === 'application/octet-stream' ? 'image/png' : contentType};base64,${bytes.toString('base64')}`;
}

function fromForm({ form }: ProviderCall): GivenPictures {
  const files = filesIn(form, ['image', 'image[]', 'mask']);
  return { images: files.filter(({ field }) => field !== 'mask'), mask: files.find(({ field }) => field === 'mask') };
}

function fromJson({ request: { images, mask }, deployment: { provider } }: ProviderCall): GivenPictures {
  const read = (reference: unknown, place: string): Picture => {
    const url = (reference as JsonObject | null)?.image_url;
    const [, contentType, data] = DATA_URL.exec(typeof url === 'string' ? url : '') ?? [];
    if (contentType === undefined || data === undefined)
      throw unsupportedParameter(place, provider, 'a picture is given by an address or a data URL in image_url');
    return { contentType, bytes: Buffer.from(data, 'base64') };
  };
  return {
    images: Array.isArray(images) ? images.map((image, index) => read(image, `images[${index}]`)) : [],
    mask: mask === undefined || mask === null ? undefined : read(mask, 'mask'),
  };
}
