import { type ContentPart, type JsonObject, unsupportedParameter } from '@sluice/core';
import type { Block } from '../wire.ts';
import { toMedia } from './media.ts';
import { invalid, type Place } from './place.ts';

/** The parts of a message as Converse's blocks. Blank texts, which it refuses, are left out. */
export function toBlocks(content: string | readonly ContentPart[] | null | undefined, place: Place): Block[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return toText(content);
  return content.flatMap((part, index) => [...toBlock(part, { ...place, path: `${place.path}[${index}]` }), ...cachePoint(part)]);
}

function toBlock(part: ContentPart, place: Place): readonly Block[] {
  switch (part.type) {
    case 'text':
      return toText(part.text);
    case 'refusal':
      return toText(part.refusal);
    case 'guarded_text':
      return [{ guardContent: { text: { text: part.text, qualifiers: part.qualifiers } } }];
    case 'image_url':
    case 'audio_url':
    case 'video_url':
      return [toMedia(addressIn(part[part.type], `${place.path}.${part.type}`), { ...place, path: `${place.path}.${part.type}.url`, filename: undefined })];
    case 'file':
      return [toFile(part.file, { ...place, path: `${place.path}.file` })];
    case 'thinking':
      // Only thoughts that were signed may go back.
      return typeof part.signature === 'string' ? [{ reasoningContent: { reasoningText: { text: String(part.thinking), signature: part.signature } } }] : [];
    case 'input_audio':
      return [toSound(part.input_audio, { ...place, path: `${place.path}.input_audio` })];
    default:
      throw unsupportedParameter(
        `${place.path}.type`,
        place.provider,
        `it knows text, image_url, input_audio, audio_url, video_url and file, not '${part.type}'`,
      );
  }
}

function toText(text: unknown): Block[] {
  return typeof text === 'string' && text.trim() !== '' ? [{ text }] : [];
}

function addressIn(given: unknown, path: string): string {
  const url = typeof given === 'string' ? given : (given as JsonObject | null | undefined)?.url;
  if (typeof url !== 'string') throw invalid(path, 'names no URL');
  return url;
}

function toFile(file: unknown, place: Place): Block {
  const { file_data: data, file_id: id, filename } = (file ?? {}) as JsonObject;
  const address = data ?? id;
  if (typeof address !== 'string') throw invalid(place.path, 'has neither file_data nor file_id');
  return toMedia(address, {
    ...place,
    path: `${place.path}.${data === undefined ? 'file_id' : 'file_data'}`,
    filename: typeof filename === 'string' ? filename : undefined,
  });
}

function toSound(sound: unknown, place: Place): Block {
  const { data, format } = (sound ?? {}) as JsonObject;
  if (typeof data !== 'string' || typeof format !== 'string') throw invalid(place.path, 'needs data and format');
  return toMedia(`data:audio/${format};base64,${data}`, { ...place, filename: `sound.${format}` });
}

/** `cache_control` of a message, a part or a tool says that what goes before may be kept. */
export function cachePoint({ cache_control: control }: JsonObject): { readonly cachePoint: JsonObject }[] {
  if (control === undefined || control === null) return [];
  const { ttl } = control as JsonObject;
  return [{ cachePoint: { type: 'default', ...(typeof ttl === 'string' && { ttl }) } }];
}
