import type { ChatMessage, ContentPart, ModelRequest } from '../types/chat.ts';

/** What the caller said last, in whichever form the operation has for it. */
export function lastText({ messages, input, prompt }: ModelRequest): string {
  const said = messages ?? input ?? prompt;
  if (!Array.isArray(said)) return typeof said === 'string' ? said : '';
  const items = said as readonly (string | ChatMessage)[];
  const last = items.findLast((item) => typeof item === 'string' || item?.role === 'user') ?? items.at(-1);
  return typeof last === 'string' ? last : textOf(last?.content);
}

/** The words of a message's content. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly ContentPart[]).map(({ text }) => text ?? '').join('\n');
}
