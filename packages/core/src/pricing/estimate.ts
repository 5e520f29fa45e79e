import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';

const BYTES_PER_TOKEN = 4;
/** An image, a recording or a document, sent along or only named. */
const TOKENS_PER_ATTACHMENT = 1000;

/** What models put around each message, and around the whole: on the high side, so that short requests are not undercounted. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_REQUEST = 8;

/** A fair guess at the input tokens of a request, from its texts; rather more than less, but no upper bound. */
export function estimateTokens({ messages, input, prompt, instructions, system, query, documents, document, tools }: ModelRequest): number {
  const around = Array.isArray(messages) ? TOKENS_PER_REQUEST + messages.length * TOKENS_PER_MESSAGE : 0;
  const said = weigh(messages ?? input ?? prompt) + weigh(instructions) + weigh(system) + weigh(query) + weigh(documents) + weigh(document);
  return around + Math.ceil((said + weigh(tools)) / BYTES_PER_TOKEN);
}

/** About how many tokens all the texts inside `value` make. */
export function tokensIn(value: unknown): number {
  return Math.ceil(weigh(value) / BYTES_PER_TOKEN);
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return value.startsWith('data:') ? TOKENS_PER_ATTACHMENT * BYTES_PER_TOKEN : Buffer.byteLength(value);
  // Embeddings and completions also take tokens as they are.
  if (typeof value === 'number') return BYTES_PER_TOKEN;
  if (value === null || typeof value !== 'object') return 0;
  let sum = 0;
  if (Array.isArray(value)) for (const item of value) sum += weigh(item);
  else if (isAttachment(value)) return TOKENS_PER_ATTACHMENT * BYTES_PER_TOKEN;
  else for (const field in value) sum += weigh((value as JsonObject)[field]);
  return sum;
}

function isAttachment(value: object): boolean {
  return 'image_url' in value || 'input_audio' in value || 'file' in value || 'file_id' in value || 'file_url' in value || 'file_data' in value;
}
