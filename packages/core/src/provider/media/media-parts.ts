import type { ContentPart, ModelRequest } from '../../types/chat.ts';
import type { JsonObject } from '../../types/json.ts';
import type { MediaKind } from './media-type.ts';

/** A part of a message, or a picture to change, that names its contents by an http(s) address. */
export type MediaReference = { readonly kind: MediaKind; readonly url: string; readonly part: ContentPart };

/** With where the address stands, for people. */
export type PlacedReference = MediaReference & { readonly place: string };

const HTTP = /^https?:\/\//i;
const URL_PARTS: Readonly<Record<string, MediaKind>> = { image_url: 'image', audio_url: 'audio', video_url: 'video' };
const FILE_FIELDS = ['file_data', 'file_url', 'file_id'] as const;

/** The request with each part that names an address as `replace` has it; the very same where it changes none. */
export function mapReferences(request: ModelRequest, replace: (reference: PlacedReference) => ContentPart): ModelRequest {
  let changed: ModelRequest = request;
  for (const field of ['messages', 'input', 'images'] as const) {
    const items = request[field];
    if (!Array.isArray(items)) continue;
    const mapped = mapList(items as readonly JsonObject[], (item, index) => mapItem(item, `${field}[${index}]`, replace));
    if (mapped !== items) changed = { ...changed, [field]: mapped };
  }
  const { mask } = request;
  const mapped = mask !== null && typeof mask === 'object' ? mapPart(mask as ContentPart, 'mask', replace) : mask;
  return mapped === mask ? changed : { ...changed, mask: mapped };
}

/** `part` with `dataUrl` in the place of its address. */
export function withData({ part, url }: MediaReference, dataUrl: string): ContentPart {
  const field = Object.keys(URL_PARTS).find((name) => part[name] !== undefined);
  if (field !== undefined) {
    const named = part[field];
    return { ...part, [field]: typeof named === 'string' ? dataUrl : { ...(named as JsonObject), url: dataUrl } };
  }
  const { file_id: _id, file_url: _url, ...file } = part.file as JsonObject;
  return { ...part, file: { filename: nameIn(url), ...file, file_data: dataUrl } };
}

function mapItem(item: JsonObject, place: string, replace: (reference: PlacedReference) => ContentPart): JsonObject {
  if (item === null || typeof item !== 'object') return item;
  const { content } = item;
  if (!Array.isArray(content)) return mapPart(item as ContentPart, place, replace);
  const parts = mapList(content as readonly ContentPart[], (part, index) => mapPart(part, `${place}.content[${index}]`, replace));
  return parts === content ? item : { ...item, content: parts };
}

function mapPart(part: ContentPart, place: string, replace: (reference: PlacedReference) => ContentPart): ContentPart {
  const found = part !== null && typeof part === 'object' ? addressIn(part) : undefined;
  return found ? replace({ part, kind: found.kind, url: found.url, place: `${place}.${found.field}` }) : part;
}

function addressIn(part: ContentPart): { readonly kind: MediaKind; readonly url: string; readonly field: string } | undefined {
  for (const [name, kind] of Object.entries(URL_PARTS)) {
    const named = part[name];
    const inner = (named as JsonObject | null | undefined)?.url;
    if (isAddress(named)) return { kind, url: named, field: name };
    if (isAddress(inner)) return { kind, url: inner, field: `${name}.url` };
  }
  const file = part.file as JsonObject | null | undefined;
  for (const name of FILE_FIELDS) {
    const named = file?.[name];
    if (isAddress(named)) return { kind: 'file', url: named, field: `file.${name}` };
  }
  return undefined;
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && HTTP.test(value);
}

function nameIn(url: string): string {
  const name = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined;
  return name === undefined || name === '' ? 'document' : name;
}

/** The very same list where no item has changed. */
function mapList<T>(list: readonly T[], map: (item: T, index: number) => T): readonly T[] {
  let changed: T[] | undefined;
  for (const [index, item] of list.entries()) {
    const mapped = map(item, index);
    if (mapped !== item) (changed ??= [...list])[index] = mapped;
  }
  return changed ?? list;
}
