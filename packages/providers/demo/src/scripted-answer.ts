import type { JsonObject, ModelRequest } from '@sluice/core';
import type { Replay } from './recorded-exchange.ts';

/** An answer made up beforehand, for whoever tests an application against the gateway. */
export type ScriptedAnswer = {
  /** Which requests it is for: text that the last message holds, a pattern of it, or anything that can be asked of the request. Default: all. */
  readonly match?: string | RegExp | ((request: ModelRequest) => boolean);
} & (
  | { readonly text: string; readonly reasoning?: string; readonly finish?: 'stop' | 'length' | 'content_filter' }
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: JsonObject }[] }
  | { readonly error: { readonly status: number; readonly message: string; readonly code?: string; readonly retryAfterSeconds?: number } }
  /** A whole answer, as it is on the wire. Streams get it in one piece. */
  | { readonly json: JsonObject }
  /** The very bytes that a provider once sent, or a file that holds the exchange. */
  | { readonly replay: Replay | string }
);

/** The first of `answers` that is for this request. */
export function findAnswer(answers: readonly ScriptedAnswer[], request: ModelRequest): ScriptedAnswer | undefined {
  const said = lastText(request);
  return answers.find(({ match }) => {
    if (match === undefined) return true;
    if (typeof match === 'string') return said.includes(match);
    return typeof match === 'function' ? match(request) : match.test(said);
  });
}

/** What the caller said last, in whichever form the operation has for it. */
export function lastText({ messages, input, prompt }: ModelRequest): string {
  const last = Array.isArray(messages) ? (messages.at(-1) as JsonObject | undefined)?.content : (input ?? prompt);
  return textOf(last);
}

/** Every text in a value, such as a list of content parts. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('\n');
  if (value === null || typeof value !== 'object') return '';
  const { text, content } = value as JsonObject;
  return textOf(text ?? content);
}
