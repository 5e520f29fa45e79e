import { isDeepStrictEqual } from 'node:util';
import type { Usage } from '@sluice/core';
import { type Answered, readTold, type Told } from '@sluice/testing';
import type { CountsExpected, Expected, ToldExpected } from './recorded-host.ts';

/** How an answer departs from what was expected, a line each; none where it is right. */
export function differences(expected: Expected, answered: Answered): string[] {
  const { status, contentType, text, bytes } = answered;
  switch (expected.kind) {
    case 'error':
      return ofError(expected, answered);
    case 'bytes':
      return [
        ...same('status', status, 200),
        ...same('length of bytes', bytes.length, expected.bytes.length),
        ...same('bytes', bytes.equals(expected.bytes), true),
      ];
    case 'json':
      return status === 200 ? ofJson(expected, parsed(text)) : [`status ${status}: ${text}`];
    case 'told':
      return status === 200 ? ofTold(expected, readTold(contentType, text), answered) : [`status ${status}: ${text}`];
  }
}

function ofJson({ body, isExact = false }: Extract<Expected, { readonly kind: 'json' }>, actual: unknown): string[] {
  if (isExact) return same('answer', actual, body);
  return holds(actual, body) ? [] : [`answered ${shown(actual)}, expected ${shown(body)}`];
}

function ofError({ status, message }: Extract<Expected, { readonly kind: 'error' }>, answered: Answered): string[] {
  const { error = {} } = readTold(answered.contentType, answered.text);
  return [
    ...(status === undefined ? same('an error', answered.status >= 400, true) : same('status', answered.status, status >= 500 ? answered.status : status)),
    ...same('fields of the error', Object.keys(error).sort(), ['code', 'message', 'param', 'type']),
    ...(message === undefined ? [] : same('message', error.message, message)),
  ];
}

function ofTold(expected: ToldExpected, told: Told, { contentType, usage }: Answered): string[] {
  if (expected.streamError !== undefined)
    return [...same('error of the stream', told.error?.message, expected.streamError), ...same('complete', told.isComplete, false)];
  const calls = told.toolCalls.map(({ id, name, arguments: given }, index) => ({
    name,
    args: argumentsOf(given),
    ...(expected.toolCalls[index]?.id !== undefined && { id }),
  }));
  return [
    ...same('complete', told.isComplete, true),
    ...same('text', told.text, expected.text),
    ...same('tool calls', calls, expected.toolCalls),
    ...same('ids of tool calls', new Set(told.toolCalls.map(({ id }) => id)).size, calls.length),
    ...(expected.finish === undefined ? [] : same('finish reason', told.finish, expected.finish)),
    ...(expected.hasThoughts === undefined ? [] : same('thoughts', told.reasoning !== '', expected.hasThoughts)),
    ...(expected.usage ? [...ofCounted(expected.usage, usage), ...ofReported(expected.usage, told, contentType)] : []),
  ];
}

function ofCounted({ input, output, cached, cacheWrite, reasoning }: CountsExpected, usage: Usage | undefined): string[] {
  return [
    ...oneOf('input counted', usage?.inputTokens, input),
    ...oneOf('output counted', usage?.outputTokens, output),
    ...(cached === undefined ? [] : same('cached input counted', usage?.cachedInputTokens ?? 0, cached)),
    ...(cacheWrite === undefined ? [] : same('cache writes counted', usage?.cacheWriteInputTokens ?? 0, cacheWrite)),
    ...(reasoning === undefined ? [] : same('reasoning counted', usage?.reasoningTokens ?? 0, reasoning)),
  ];
}

/** A stream tells usage only to those who ask. */
function ofReported({ input, output }: CountsExpected, { usage }: Told, contentType: string): string[] {
  if (usage === undefined && contentType.startsWith('text/event-stream')) return [];
  const { prompt_tokens: prompt, input_tokens: inputTokens = prompt, completion_tokens: completion, output_tokens: outputTokens = completion } = usage ?? {};
  return [...oneOf('input told', inputTokens, input), ...oneOf('output told', outputTokens, output)];
}

function oneOf(what: string, actual: unknown, expected: number | readonly number[]): string[] {
  return [expected].flat().includes(actual as number) ? [] : [`${what}: ${shown(actual)}, expected ${shown(expected)}`];
}

function same(what: string, actual: unknown, expected: unknown): string[] {
  return isDeepStrictEqual(actual, expected) ? [] : [`${what}: ${shown(actual)}, expected ${shown(expected)}`];
}

/** Whether `actual` has every field of `expected`, at any depth. */
function holds(actual: unknown, expected: unknown): boolean {
  if (expected === null || typeof expected !== 'object') return Object.is(actual, expected);
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected) && expected.length !== (actual as readonly unknown[]).length) return false;
  return Object.entries(expected).every(([name, value]) => holds((actual as Record<string, unknown>)[name], value));
}

/** A call that was cut by the length limit has arguments that are no JSON, and stays as it is. */
function argumentsOf(given: string): unknown {
  try {
    return given === '' ? {} : JSON.parse(given);
  } catch {
    return given;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
