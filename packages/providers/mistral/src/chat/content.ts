import { type ContentPart, GatewayError, type JsonObject } from '@sluice/core';

type Place = { readonly path: string; readonly provider: string };

/** Parts of a message in Mistral's form; the very same list where they have it already. */
export function toContent(parts: readonly ContentPart[], { path }: Place): readonly ContentPart[] {
  const mapped = parts.map((part, index) => toPart(part, `${path}[${index}]`));
  return mapped.every((part, index) => part === parts[index]) ? parts : mapped;
}

function toPart(part: ContentPart, path: string): ContentPart {
  switch (part.type) {
    case 'text':
      return only(part, ['type', 'text']);
    case 'image_url':
      return only(part, ['type', 'image_url']);
    case 'refusal':
      return { type: 'text', text: String(part.refusal) };
    case 'input_audio':
      return toAudio(part);
    case 'file':
      return part.file === undefined ? part : toDocument(part.file as JsonObject, `${path}.file`);
    case 'thinking':
      return toThinking(part);
    default:
      return part;
  }
}

/** Sound in base64, or where to find it. */
function toAudio({ input_audio: audio }: ContentPart): ContentPart {
  return { type: 'input_audio', input_audio: typeof audio === 'string' ? audio : (audio as JsonObject | undefined)?.data };
}

/** Documents of any kind go by an address, which may be the data itself. https://docs.mistral.ai/capabilities/document_ai/document_qna */
function toDocument({ file_id: id, file_data: data, filename }: JsonObject, path: string): ContentPart {
  const isAddress = typeof id === 'string' && /^https?:\/\//.test(id);
  if (typeof id === 'string' && !isAddress) return { type: 'file', file_id: id };
  const given = isAddress ? id : data;
  if (typeof given !== 'string') throw new GatewayError('invalid_request', `'${path}' has neither file_data nor file_id`, { param: path });
  const url = /^(?:data:|https?:)/i.test(given) ? given : `data:application/pdf;base64,${given}`;
  if (/^data:image\//i.test(url)) return { type: 'image_url', image_url: url };
  return { type: 'document_url', document_url: url, ...(typeof filename === 'string' && filename !== '' && { document_name: filename }) };
}

/** Thoughts as other hosts tell them: a text, with a signature that means nothing here. */
function toThinking(part: ContentPart): ContentPart {
  const { thinking } = part;
  if (typeof thinking !== 'string') return only(part, ['type', 'thinking', 'closed']);
  return { type: 'thinking', thinking: [{ type: 'text', text: thinking }] };
}

/** What other hosts put beside a part, such as `cache_control`, would be refused. */
function only(part: ContentPart, fields: readonly string[]): ContentPart {
  const entries = Object.entries(part);
  const kept = entries.filter(([field]) => fields.includes(field));
  return kept.length === entries.length ? part : (Object.fromEntries(kept) as ContentPart);
}
