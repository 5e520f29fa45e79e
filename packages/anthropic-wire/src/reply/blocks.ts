import type { JsonObject } from '@sluice/core';

/** A block of an answer, whole or as it begins in a stream. */
export type AnswerBlock = {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly citations?: readonly JsonObject[] | null;
  readonly [field: string]: unknown;
};

const FORMS: ReadonlySet<string> = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);

/** A block for which chat completions have no form: what the provider's own tools did, a conversation made shorter. It stays as it is. */
export function isServerBlock({ type }: AnswerBlock): boolean {
  return !FORMS.has(type);
}

/** Whether a program of the provider's made the call, and which: it wants to know when the call comes back. */
export function callerOf({ caller }: JsonObject): JsonObject {
  const isProgram = caller !== null && typeof caller === 'object' && (caller as JsonObject).type !== 'direct';
  return isProgram ? { caller } : {};
}

/** A thought as the provider wants it back in the next turn. */
export function toThinkingBlock({ type, thinking, signature, data }: AnswerBlock): JsonObject {
  return type === 'redacted_thinking' ? { type, data } : { type, thinking: thinking ?? '', signature: signature ?? '' };
}

/** What a text leans on: all of it as the provider tells it, and pages of the web in OpenAI's form. `range` is where the text stands in the content. */
export function toSources(citations: readonly JsonObject[], range: { readonly start: number; readonly end: number }): JsonObject {
  const pages = citations.filter(({ url }) => typeof url === 'string');
  return {
    ...(citations.length > 0 && { citations }),
    ...(pages.length > 0 && {
      annotations: pages.map(({ url, title }) => ({
        type: 'url_citation',
        url_citation: { url, title: title ?? '', start_index: range.start, end_index: range.end },
      })),
    }),
  };
}
