import type { JsonObject } from '@sluice/core';

/** What a caller makes of an answer, whole or streamed. Read by other code than the gateway's own. */
export type Told = {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToldCall[];
  readonly finish: string | undefined;
  readonly usage: JsonObject | undefined;
  readonly error: JsonObject | undefined;
  /** Whether a stream came to its regular end. */
  readonly isComplete: boolean;
};

export type ToldCall = { readonly id: string | undefined; readonly name: string; readonly arguments: string };

type Draft = {
  text: string;
  reasoning: string;
  calls: { id?: string; name: string; arguments: string }[];
  finish?: string;
  usage?: JsonObject;
  error?: JsonObject;
};

/** Reads a chat or text completion, a response of the Responses API, or the events of their streams. */
export function readTold(contentType: string, body: string): Told {
  const draft: Draft = { text: '', reasoning: '', calls: [] };
  const isStream = contentType.startsWith('text/event-stream');
  const events = isStream ? dataOf(body) : [body];
  for (const event of events) if (event !== '[DONE]') addTo(draft, JSON.parse(event) as JsonObject);
  const { text, reasoning, calls, finish, usage, error } = draft;
  const isComplete =
    error === undefined && (!isStream || events.at(-1) === '[DONE]' || /"type":\s*"response\.(completed|incomplete|failed)"/.test(events.at(-1) ?? ''));
  return { text, reasoning, toolCalls: calls.map((call) => ({ id: call.id, name: call.name, arguments: call.arguments })), finish, usage, error, isComplete };
}

function dataOf(body: string): string[] {
  return body
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line.startsWith('data:')))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.slice(5).trimStart()).join('\n'));
}

function addTo(draft: Draft, event: JsonObject): void {
  const { choices, usage, error, type } = event;
  if (isObject(error) && type === undefined && choices === undefined) draft.error = error;
  if (isObject(usage)) draft.usage = usage;
  if (Array.isArray(choices)) for (const choice of choices as JsonObject[]) addChoice(draft, choice);
  if (event.object === 'response') addResponse(draft, event);
  else if (type === 'response.completed' || type === 'response.incomplete' || type === 'response.failed') addResponse(draft, event.response as JsonObject);
}

function addChoice(draft: Draft, choice: JsonObject): void {
  if (choice.index !== undefined && choice.index !== 0) return;
  const said = (choice.message ?? choice.delta ?? {}) as JsonObject;
  draft.text += textOf(said.content) + (choice.message || choice.delta ? '' : textOf(choice.text));
  draft.reasoning += textOf(said.reasoning_content ?? said.reasoning);
  if (typeof choice.finish_reason === 'string') draft.finish = choice.finish_reason;
  if (isObject(said.function_call)) addCall(draft, { function: said.function_call }, 0);
  for (const [position, call] of ((said.tool_calls ?? []) as JsonObject[]).entries()) addCall(draft, call, (call.index as number | undefined) ?? position);
}

function addCall(draft: Draft, call: JsonObject, index: number): void {
  const told = (draft.calls[index] ??= { name: '', arguments: '' });
  const { name, arguments: given } = (call.function ?? {}) as JsonObject;
  if (typeof call.id === 'string' && call.id !== '') told.id = call.id;
  told.name += textOf(name);
  told.arguments += textOf(given);
}

function addResponse(draft: Draft, response: JsonObject): void {
  draft.finish = String(response.status);
  if (isObject(response.usage)) draft.usage = response.usage;
  for (const item of (response.output ?? []) as JsonObject[]) {
    if (item.type === 'function_call') draft.calls.push({ id: String(item.call_id), name: textOf(item.name), arguments: textOf(item.arguments) });
    if (item.type === 'message') draft.text += ((item.content ?? []) as JsonObject[]).map((part) => textOf(part.text)).join('');
  }
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
