import type { ContentPart } from '../types/chat.ts';
import type { ModelRequest } from '../types/chat.ts';

/** No image or recording of today's models counts for more; documents are taken for as much. */
const TOKENS_PER_REFERENCE = 50_000;

/**
 * No request has more input tokens than this: each token is at least one byte of the body, whose JSON is
 * longer than what models add between messages. What is only named in it, and read by the provider from
 * elsewhere, counts with a fixed allowance.
 */
export function inputTokenBound(request: ModelRequest, bodyBytes: number | undefined): number {
  return (bodyBytes ?? Buffer.byteLength(JSON.stringify(request))) + referencesIn(request) * TOKENS_PER_REFERENCE;
}

function referencesIn({ messages, input, previous_response_id, conversation, prompt }: ModelRequest): number {
  const kept = [previous_response_id, conversation, typeof prompt === 'object' && !Array.isArray(prompt) ? prompt : undefined].filter(
    (found) => found !== undefined && found !== null,
  ).length;
  return kept + references(messages) + references(input);
}

function references(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  let count = 0;
  for (const message of messages as readonly { readonly content?: unknown }[]) {
    if (!Array.isArray(message?.content)) continue;
    for (const part of message.content as readonly ContentPart[]) if (isReference(part)) count += 1;
  }
  return count;
}

/** An attachment that is not in the body itself. */
function isReference(part: ContentPart): boolean {
  const { image_url: image, file, file_id: fileId, file_url: fileUrl } = part;
  if (fileId !== undefined || fileUrl !== undefined) return true;
  if (file !== null && typeof file === 'object' && 'file_id' in file) return true;
  const url = image !== null && typeof image === 'object' && 'url' in image ? image.url : image;
  return typeof url === 'string' && !url.startsWith('data:');
}
