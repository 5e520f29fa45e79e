import { type ContentPart, GatewayError, type JsonObject, unsupportedParameter } from '@sluice/core';
import type { PromptPart } from '../specification.ts';

/** Where something stands in the request, and whom to name when it cannot be honoured. */
export type Place = { readonly path: string; readonly provider: string };

/** Data of a file as version 4 writes it, with addresses as text: so it can stand in JSON. */
export type FileData = { readonly type: 'data'; readonly data: string } | { readonly type: 'url'; readonly url: string };

const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mpeg' };
const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};

/** The parts of what a user says, one for one. */
export function toUserParts(content: string | readonly ContentPart[] | null | undefined, place: Place): PromptPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return (content ?? []).map((part, index) => ({ ...toPart(part, { ...place, path: `${place.path}[${index}]` }), ...optionsOf(part) }));
}

/** The texts of content that can be text only. */
export function textOf(content: string | readonly ContentPart[] | null | undefined, place: Place): string {
  if (content === null || content === undefined || typeof content === 'string') return content ?? '';
  return content
    .map((part, index) => {
      const text = part.type === 'refusal' ? part.refusal : part.text;
      if (typeof text !== 'string') throw unsupportedParameter(`${place.path}[${index}]`, place.provider, 'only text can stand here');
      return text;
    })
    .join('\n');
}

/** What a caller says in the AI SDK's own form goes on with the part, the message or the tool that it stands at. */
export function optionsOf({ provider_options: options }: JsonObject): { providerOptions?: never } {
  return options === undefined || options === null ? {} : { providerOptions: options as never };
}

function toPart(part: ContentPart, place: Place): PromptPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text ?? '' };
    case 'image_url':
      return fromImage(part.image_url, place);
    case 'file':
      return fromFile((part.file ?? {}) as JsonObject, place);
    case 'input_audio':
      return fromAudio((part.input_audio ?? {}) as JsonObject, place);
    default:
      throw unsupportedParameter(place.path, place.provider, `a part of type '${part.type}' has no place in the AI SDK's prompts`);
  }
}

/** The AI SDK says of an image whose type is not known that it is any. */
function fromImage(image: unknown, place: Place): PromptPart {
  const { url, detail } = typeof image === 'string' ? ({ url: image } as JsonObject) : ((image ?? {}) as JsonObject);
  if (typeof url !== 'string') throw invalid(`${place.path}.image_url`, 'names no URL');
  if (detail !== undefined && detail !== null && detail !== 'auto')
    throw unsupportedParameter(`${place.path}.image_url.detail`, place.provider, "say it in the part's provider_options");
  return fromUrl(url, { filename: undefined, mediaType: 'image/*', path: `${place.path}.image_url` });
}

function fromFile(file: JsonObject, place: Place): PromptPart {
  const { file_data: data, file_id: id, filename } = file;
  const name = typeof filename === 'string' ? filename : undefined;
  const mediaType = typeof file.format === 'string' ? file.format : TYPES_BY_ENDING[name?.split('.').at(-1)?.toLowerCase() ?? ''];
  if (typeof id === 'string' && !/^https?:/i.test(id))
    throw unsupportedParameter(`${place.path}.file.file_id`, place.provider, 'the files of a host are not known to the AI SDK; give the data');
  const given = id ?? data;
  if (typeof given !== 'string') throw invalid(`${place.path}.file`, 'has neither file_data nor file_id');
  if (/^(?:data|https?):/i.test(given)) return fromUrl(given, { filename: name, mediaType, path: `${place.path}.file` });
  if (mediaType === undefined) throw invalid(`${place.path}.file.file_data`, 'does not say of what type it is; give a data URL, or a filename that says it');
  return toFile({ type: 'data', data: given }, mediaType, name);
}

function fromAudio({ data, format }: JsonObject, place: Place): PromptPart {
  if (typeof data !== 'string') throw invalid(`${place.path}.input_audio.data`, 'has to be base64 text');
  const mediaType = AUDIO_TYPES[String(format)];
  if (mediaType === undefined) throw invalid(`${place.path}.input_audio.format`, 'has to be wav or mp3');
  return toFile({ type: 'data', data }, mediaType);
}

type Named = { readonly filename: string | undefined; readonly mediaType: string | undefined; readonly path: string };

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?;base64,/i;

function fromUrl(url: string, { filename, mediaType, path }: Named): PromptPart {
  if (/^https?:/i.test(url)) {
    if (!URL.canParse(url)) throw invalid(path, 'is not a URL');
    const type = mediaType ?? TYPES_BY_ENDING[new URL(url).pathname.split('.').at(-1)?.toLowerCase() ?? ''];
    if (type === undefined) throw invalid(path, 'does not say of what type it is; give its type as `format`');
    return toFile({ type: 'url', url }, type, filename);
  }
  const [head, type = ''] = DATA_URL.exec(url) ?? [];
  if (head === undefined || type === '') throw invalid(path, 'is neither an http(s) address nor a data URL with a media type and base64');
  return toFile({ type: 'data', data: url.slice(head.length) }, type.toLowerCase() === 'image/jpg' ? 'image/jpeg' : type.toLowerCase(), filename);
}

function toFile(data: FileData, mediaType: string, filename?: string): PromptPart {
  return { type: 'file', data, mediaType, ...(filename !== undefined && { filename }) };
}

export function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `'${param}' ${what}`, { param });
}
