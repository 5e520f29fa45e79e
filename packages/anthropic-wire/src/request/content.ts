import { type ContentPart, GatewayError, type JsonObject, unsupportedParameter } from '@sluice/core';

/** Where something stands in the request, and whom to name when the provider cannot honour it. */
export type Place = { readonly path: string; readonly provider: string };

export type Block = JsonObject;

/** The parts of a message as Anthropic's blocks. Empty texts, which it refuses, are left out; blocks of its own kind stay. */
export function toBlocks(content: string | readonly ContentPart[] | null | undefined, place: Place): Block[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.flatMap((part, index): Block | readonly Block[] => toBlock(part, { ...place, path: `${place.path}[${index}]` }) ?? []);
}

function toBlock(part: ContentPart, place: Place): Block | undefined {
  switch (part.type) {
    case 'text':
      return part.text ? toText(part) : undefined;
    case 'refusal':
      return typeof part.refusal === 'string' && part.refusal !== '' ? { type: 'text', text: part.refusal } : undefined;
    case 'image_url':
      return { ...toImage(part.image_url, place), ...cacheControl(part) };
    case 'file':
      return { ...toDocument(part.file, place), ...cacheControl(part) };
    case 'input_audio':
      throw unsupportedParameter(place.path, place.provider, 'it hears no audio');
    case 'thinking':
      // Only thoughts that the provider has signed may go back to it.
      return typeof part.signature === 'string' ? part : undefined;
    default:
      return part.image_url === undefined || part.image_url === null ? part : toBlock({ ...part, type: 'image_url' }, place);
  }
}

/** What other hosts put beside a text would be refused. */
function toText(part: ContentPart): Block {
  const { text, citations } = part;
  return { type: 'text', text, ...(Array.isArray(citations) && { citations }), ...cacheControl(part) };
}

/** `cache_control` of a message, a part or a tool says that what goes before may be kept. */
export function cacheControl({ cache_control: control }: JsonObject): Block {
  return control === undefined || control === null ? {} : { cache_control: control };
}

/** The provider itself fetches what an address names. */
function toImage(image: unknown, place: Place): Block {
  const url = typeof image === 'string' ? image : (image as JsonObject | null | undefined)?.url;
  if (typeof url !== 'string') throw invalid(`${place.path}.image_url`, 'names no URL');
  const data = readDataUrl(url, `${place.path}.image_url.url`);
  return data ? embedded(data, undefined) : { type: 'image', source: { type: 'url', url } };
}

function toDocument(file: unknown, { path }: Place): Block {
  const { file_id: id, file_data: given, filename } = (file ?? {}) as JsonObject;
  const title = typeof filename === 'string' && filename !== '' ? { title: filename } : undefined;
  if (typeof id === 'string') return { type: 'document', source: /^https?:\/\//.test(id) ? { type: 'url', url: id } : { type: 'file', file_id: id }, ...title };
  if (typeof given !== 'string') throw invalid(`${path}.file`, 'has neither file_data nor file_id');
  return embedded(readDataUrl(given, `${path}.file.file_data`) ?? { mediaType: 'application/pdf', data: given }, title);
}

type Data = { readonly mediaType: string; readonly data: string };

function embedded({ mediaType, data }: Data, title: Block | undefined): Block {
  if (mediaType.startsWith('image/')) return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
  if (mediaType.startsWith('text/')) {
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString('utf8') }, ...title };
  }
  return { type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...title };
}

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?(;base64)?,/i;

/** Nothing for other URLs. Browsers say `image/jpg` too, which is no registered name. */
function readDataUrl(url: string, path: string): Data | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const [head, mediaType = '', base64] = DATA_URL.exec(url) ?? [];
  if (head === undefined || base64 === undefined || mediaType === '') throw invalid(path, 'is no data URL with a media type and base64');
  return { mediaType: mediaType.toLowerCase() === 'image/jpg' ? 'image/jpeg' : mediaType.toLowerCase(), data: url.slice(head.length) };
}

export function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `'${param}' ${what}`, { param });
}
