import { type ChatMessage, type ContentPart, type JsonObject, unsupportedParameter } from '@sluice/core';

type Place = { readonly path: string; readonly provider: string };

/** A message is one text, and pictures beside it in base64. */
export function toContent(content: ChatMessage['content'], place: Place): { readonly content: string; readonly images?: readonly string[] } {
  if (content === null || content === undefined || typeof content === 'string') return { content: content ?? '' };
  const texts: string[] = [];
  const images: string[] = [];
  content.forEach((part, index) => {
    const at = { ...place, path: `${place.path}[${index}]` };
    const text = textOf(part);
    if (text === undefined) images.push(toImage(part, at));
    else texts.push(text);
  });
  return { content: texts.join('\n'), ...(images.length > 0 && { images }) };
}

function textOf({ type, text, refusal }: ContentPart): string | undefined {
  const said = type === 'text' ? text : type === 'refusal' ? refusal : undefined;
  return typeof said === 'string' ? said : undefined;
}

const IMAGE_DATA = /^data:image\/[\w.+-]+(?:;[^;,]*)*?;base64,/i;

function toImage(part: ContentPart, { path, provider }: Place): string {
  const given = part.type === 'image_url' ? urlOf(part.image_url) : part.type === 'file' ? (part.file as JsonObject | undefined)?.file_data : undefined;
  if (typeof given !== 'string') throw unsupportedParameter(path, provider, 'it reads texts and images');
  if (!IMAGE_DATA.test(given)) throw unsupportedParameter(path, provider, 'it takes images by an http(s) address and as data URLs with base64');
  return given.slice(given.indexOf(',') + 1);
}

function urlOf(image: unknown): unknown {
  return typeof image === 'string' ? image : (image as JsonObject | null | undefined)?.url;
}
