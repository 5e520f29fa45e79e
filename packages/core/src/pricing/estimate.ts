import type { ModelRequest } from '../types/chat.ts';

const CHARACTERS_PER_TOKEN = 4;

/** A fair guess at the input tokens of a request, from the length of its texts. Never used as the truth. */
export function estimateTokens(request: ModelRequest): number {
  const { messages, input, prompt } = request;
  return Math.ceil(textLength(messages ?? input ?? prompt) / CHARACTERS_PER_TOKEN);
}

function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (value !== null && typeof value === 'object') return Object.values(value).reduce<number>((sum, item) => sum + textLength(item), 0);
  return 0;
}
