import type { ChatMessage, ContentPart, ModelRequest } from '../types/chat.ts';

/** The conversation that tokens are to be counted of: a prompt is a question, and a system text of Anthropic's kind a message. */
export function countedMessages({ messages, prompt, system }: ModelRequest): readonly ChatMessage[] {
  const asked = (messages ?? [prompt].flat().map((content) => ({ role: 'user', content }))) as readonly ChatMessage[];
  return system === undefined || system === null ? asked : [{ role: 'system', content: system as string | readonly ContentPart[] }, ...asked];
}
