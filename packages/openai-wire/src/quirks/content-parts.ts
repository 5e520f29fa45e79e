import type { JsonObject } from '@sluice/core';
import { mapMessages, omit, type Quirk, sameInBoth } from './quirk.ts';

type Part = JsonObject & { readonly type?: string; readonly text?: unknown; readonly thinking?: unknown };

/**
 * Content as a list of parts, with thoughts among them: the text becomes `content`, the thoughts
 * `reasoning_content`, and parts of other kinds are kept as `content_parts`.
 *
 * https://docs.mistral.ai/capabilities/reasoning/
 */
export const contentParts: Quirk = sameInBoth(/"content"\s*:\s*\[/, (body) => mapMessages(body, flatten));

function flatten(message: JsonObject): JsonObject {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const parts = content as readonly Part[];
  const thoughts = parts
    .filter(({ type }) => type === 'thinking')
    .map(({ thinking }) => textOf(thinking))
    .join('');
  const others = parts.flatMap((part) => (part.type === 'thinking' ? othersIn(part.thinking) : part.type === 'text' ? [] : [part]));
  return {
    ...omit(message, 'content'),
    content: parts
      .filter(({ type }) => type === 'text')
      .map(({ text }) => textOf(text))
      .join(''),
    ...(thoughts !== '' && { reasoning_content: thoughts }),
    ...(others.length > 0 && { content_parts: others }),
  };
}

/** What thoughts refer to. */
function othersIn(thinking: unknown): readonly Part[] {
  return Array.isArray(thinking) ? (thinking as readonly Part[]).filter(({ type, text }) => type !== 'text' && text === undefined) : [];
}

/** Thoughts are themselves a list of parts, or plain text on older models. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? (value as readonly Part[]).map(({ text }) => textOf(text)).join('') : '';
}
