import type { JsonObject, ModelRequest } from '@sluice/core';
import { exampleOf } from './example-of.ts';
import { lastText } from './scripted-answer.ts';

/** What the demo model says: the same for the same request. */
export type Composed = {
  readonly text: string;
  readonly reasoning?: string | undefined;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[] | undefined;
  readonly finish: string;
};

const CANNED =
  'This answer comes from the demo provider of Sluice: no model was asked, and no network was used. ' +
  'Set a provider key such as OPENAI_API_KEY, or name your deployments in the configuration, and the same call reaches a real model. ' +
  'Model "echo" repeats what you say.';

/** Repeats the caller, fills in a form where one is demanded, and otherwise says what it is. */
export function composeAnswer(request: ModelRequest): Composed {
  const forced = forcedTool(request);
  if (forced)
    return { text: '', toolCalls: [{ name: String(forced.name), arguments: JSON.stringify(exampleOf(forced.parameters) ?? {}) }], finish: 'tool_calls' };
  const schema = answerSchema(request);
  if (schema !== undefined) return { text: JSON.stringify(exampleOf(schema)), finish: 'stop' };
  return cutToLimit(request, request.model.includes('echo') ? lastText(request) : CANNED);
}

/** Four characters a token, as everywhere where nobody counts. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function forcedTool({ tools, tool_choice: choice }: ModelRequest): JsonObject | undefined {
  const functions = (Array.isArray(tools) ? (tools as readonly JsonObject[]) : []).map((tool) => tool.function as JsonObject | undefined);
  if (choice === 'required') return functions[0];
  const name = ((choice as JsonObject | null | undefined)?.function as JsonObject | undefined)?.name;
  return name === undefined ? undefined : functions.find((candidate) => candidate?.name === name);
}

function answerSchema({ response_format: format }: ModelRequest): unknown {
  const { type, json_schema: schema } = (format ?? {}) as JsonObject;
  if (type === 'json_object') return { type: 'object' };
  return type === 'json_schema' ? (schema as JsonObject | undefined)?.schema : undefined;
}

function cutToLimit({ max_completion_tokens: limit, max_tokens: olderLimit = limit }: ModelRequest, text: string): Composed {
  const characters = typeof olderLimit === 'number' ? olderLimit * 4 : text.length;
  return characters < text.length ? { text: text.slice(0, characters), finish: 'length' } : { text, finish: 'stop' };
}
