import { type ContentPart, GatewayError, type JsonObject, unsupportedParameter } from '@sluice/core';
import type { Part } from '../wire.ts';

/** Where a part stands, and at whose provider. */
export type Place = { readonly provider: string; readonly param: string };

/** What a file's name says of its contents, of the kinds that Gemini reads. https://ai.google.dev/gemini-api/docs/file-input-methods */
const TYPES: Readonly<Record<string, string>> = {
  ...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', heic: 'image/heic', heif: 'image/heif', gif: 'image/gif' },
  ...{
    pdf: 'application/pdf',
    txt: 'text/plain',
    md: 'text/markdown',
    html: 'text/html',
    css: 'text/css',
    csv: 'text/csv',
    xml: 'text/xml',
    json: 'application/json',
  },
  ...{ wav: 'audio/wav', mp3: 'audio/mp3', aiff: 'audio/aiff', aac: 'audio/aac', ogg: 'audio/ogg', flac: 'audio/flac', m4a: 'audio/m4a' },
  ...{
    mp4: 'video/mp4',
    mpeg: 'video/mpeg',
    mpg: 'video/mpg',
    mov: 'video/mov',
    avi: 'video/avi',
    flv: 'video/x-flv',
    webm: 'video/webm',
    wmv: 'video/wmv',
    '3gp': 'video/3gpp',
  },
};
const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),/i;
/** Addresses whose contents Google knows by itself: files uploaded to it, and videos of its own. */
const KNOWN_TO_GOOGLE = /^https:\/\/(?:generativelanguage\.googleapis\.com\/[^/]+\/files\/|(?:www\.)?youtube\.com\/watch\?|youtu\.be\/)/;

/**
 * An image, recording, document or video of a message. Nothing is downloaded here: what is named by an address is
 * fetched by Google, which has to be told of what kind it is.
 * @throws GatewayError `unsupported_parameter`, `invalid_request`.
 */
export function toMedia(part: ContentPart, place: Place): Part {
  switch (part.type) {
    case 'image_url':
    case 'input_image':
      return fromUrl(urlOf(part.image_url), formatOf(part) ?? formatOf(part.image_url), under(place, 'image_url'));
    case 'video_url':
      return fromUrl(urlOf(part.video_url), formatOf(part) ?? formatOf(part.video_url), under(place, 'video_url'));
    case 'input_audio':
      return fromAudio((part.input_audio ?? {}) as JsonObject, under(place, 'input_audio'));
    case 'file':
      return fromFile((part.file ?? {}) as JsonObject, under(place, 'file'));
    default:
      throw unsupportedParameter(`${place.param}.type`, place.provider, `'${part.type}' is not known`);
  }
}

function fromAudio({ data, format }: JsonObject, place: Place): Part {
  const mimeType = TYPES[String(format)];
  if (typeof data !== 'string') throw invalid(`${place.param}.data`, 'has to be base64 text');
  if (mimeType === undefined) throw unsupportedParameter(`${place.param}.format`, place.provider, `'${String(format)}' is not known`);
  return { inlineData: { mimeType, data } };
}

/** `file_id` is an address: of a file uploaded to Google, or elsewhere. */
function fromFile(file: JsonObject, place: Place): Part {
  const { file_data: data, file_id: id, filename } = file;
  const format = formatOf(file) ?? typeOfName(filename);
  if (typeof id === 'string') return fromUrl(id, format, under(place, 'file_id'));
  if (typeof data !== 'string') throw invalid(`${place.param}.file_data`, 'has to be base64 text or a data URL');
  if (/^(?:data:|https?:|gs:)/i.test(data)) return fromUrl(data, format, under(place, 'file_data'));
  if (format === undefined)
    throw unsupportedParameter(`${place.param}.file_data`, place.provider, 'its type is not known; give a data URL, or a filename that says it');
  return { inlineData: { mimeType: format, data } };
}

function fromUrl(url: string | undefined, format: string | undefined, place: Place): Part {
  if (url === undefined) throw invalid(place.param, 'has to hold a URL');
  if (/^data:/i.test(url)) return fromDataUrl(url, format, place);
  if (!/^(?:https|gs):\/\//.test(url))
    throw unsupportedParameter(place.param, place.provider, 'it has to be a data URL, or an address that begins with https:// or gs://');
  const mimeType = format ?? typeOfName(/^[^?#]*/.exec(url)?.[0]);
  if (mimeType !== undefined) return { fileData: { mimeType, fileUri: url } };
  if (KNOWN_TO_GOOGLE.test(url)) return { fileData: { fileUri: url } };
  throw unsupportedParameter(place.param, place.provider, 'the address does not say of what type the file is; give its type as `format`, or a data URL');
}

function fromDataUrl(url: string, format: string | undefined, { param }: Place): Part {
  const [head, type, attributes] = DATA_URL.exec(url) ?? [];
  const mimeType = format ?? (type === '' ? 'text/plain' : type);
  if (head === undefined || mimeType === undefined) throw invalid(param, 'is not a whole data URL');
  const data = url.slice(head.length);
  if (/;base64$/i.test(attributes ?? '')) return { inlineData: { mimeType, data } };
  return { inlineData: { mimeType, data: Buffer.from(decoded(data, param)).toString('base64') } };
}

function decoded(data: string, param: string): string {
  try {
    return decodeURIComponent(data);
  } catch {
    throw invalid(param, 'is not a whole data URL');
  }
}

function urlOf(given: unknown): string | undefined {
  const url = given !== null && typeof given === 'object' ? (given as JsonObject).url : given;
  return typeof url === 'string' ? url : undefined;
}

function formatOf(holder: unknown): string | undefined {
  const { format, mime_type: mimeType } = (holder !== null && typeof holder === 'object' ? holder : {}) as JsonObject;
  return [format, mimeType].find((type): type is string => typeof type === 'string' && type.includes('/'));
}

function typeOfName(name: unknown): string | undefined {
  const extension = typeof name === 'string' ? /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() : undefined;
  return extension !== undefined && Object.hasOwn(TYPES, extension) ? TYPES[extension] : undefined;
}

function under({ provider, param }: Place, field: string): Place {
  return { provider, param: `${param}.${field}` };
}

function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `${param} ${what}.`, { param });
}
