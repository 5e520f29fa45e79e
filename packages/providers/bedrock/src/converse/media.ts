import { type JsonObject, unsupportedParameter } from '@sluice/core';
import type { Block } from '../wire.ts';
import { invalid, type Place } from './place.ts';

type MediaPlace = Place & { readonly filename: string | undefined };
type Kind = 'image' | 'video' | 'audio' | 'document';

/** By media type, and by what a file's name ends with where there is none. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
const FORMATS: readonly (readonly [Kind, string, ...string[]])[] = [
  ['image', 'png', 'image/png'],
  ['image', 'jpeg', 'image/jpeg', 'image/jpg', 'jpg'],
  ['image', 'gif', 'image/gif'],
  ['image', 'webp', 'image/webp'],
  ['video', 'mp4', 'video/mp4'],
  ['video', 'mov', 'video/quicktime'],
  ['video', 'mkv', 'video/x-matroska'],
  ['video', 'webm', 'video/webm'],
  ['video', 'flv', 'video/x-flv'],
  ['video', 'mpeg', 'video/mpeg', 'mpg'],
  ['video', 'wmv', 'video/x-ms-wmv'],
  ['video', 'three_gp', 'video/3gpp', '3gp'],
  ['audio', 'mp3', 'audio/mpeg', 'audio/mp3'],
  ['audio', 'wav', 'audio/wav', 'audio/x-wav'],
  ['audio', 'flac', 'audio/flac'],
  ['audio', 'ogg', 'audio/ogg'],
  ['audio', 'opus', 'audio/opus'],
  ['audio', 'aac', 'audio/aac'],
  ['audio', 'm4a', 'audio/mp4', 'audio/m4a', 'audio/x-m4a'],
  ['document', 'pdf', 'application/pdf'],
  ['document', 'csv', 'text/csv'],
  ['document', 'doc', 'application/msword'],
  ['document', 'docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['document', 'xls', 'application/vnd.ms-excel'],
  ['document', 'xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['document', 'html', 'text/html', 'htm'],
  ['document', 'md', 'text/markdown'],
  ['document', 'txt', 'text/plain'],
];
const BY_NAME = new Map(FORMATS.flatMap(([kind, format, ...names]) => [format, ...names].map((name) => [name, { kind, format }] as const)));

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?(;base64)?,/i;
const NO_DATA = 'is no data URL with base64';
const PLAIN_PDF = 'application/pdf';

/** What an address names, as a block: bytes of a data URL, or a place in S3. Plain base64 is taken for a PDF, as OpenAI's callers send them. */
export function toMedia(address: string, place: MediaPlace): Block {
  if (address.startsWith('s3://')) return block(formatOf(extensionOf(address), place), { s3Location: { uri: address } }, place);
  if (/^https?:\/\//i.test(address)) throw unsupportedParameter(place.path, place.provider, 'it takes data URLs and s3:// addresses');
  const [head = '', mediaType = '', base64] = DATA_URL.exec(address) ?? [];
  if (/^data:/i.test(address) && base64 === undefined) throw invalid(place.path, NO_DATA);
  const type = head === '' ? PLAIN_PDF : mediaType.toLowerCase();
  return block(BY_NAME.get(type) ?? formatOf(extensionOf(place.filename ?? ''), place, type), { bytes: address.slice(head.length) }, place);
}

type Format = { readonly kind: Kind; readonly format: string };

function block({ kind, format }: Format, source: JsonObject, { documents, filename }: MediaPlace): Block {
  return { [kind]: { format, ...(kind === 'document' && { name: documents.nameFor(filename) }), source } };
}

function formatOf(extension: string, { path, provider }: MediaPlace, told = extension): Format {
  const format = BY_NAME.get(extension);
  if (!format) throw unsupportedParameter(path, provider, `it takes images, videos, sound and documents, and knows none of the type '${told}'`);
  return format;
}

function extensionOf(name: string): string {
  return /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}
