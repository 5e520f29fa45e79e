import { GatewayError } from '../errors/gateway-error.ts';
import type { ChatChunk, ChatResponse } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';

type Draft = Record<string, unknown>;

/** What the chunks of a stream say together, as the whole answer that would have been given without one: its first choice. */
export async function joinChunks(chunks: AsyncIterable<ChatChunk>, onChunk: (chunk: ChatChunk) => void): Promise<ChatResponse> {
  const message: Draft = { role: 'assistant', content: null };
  const calls: Draft[] = [];
  let head: JsonObject | undefined;
  let choice: JsonObject = {};
  let usage: unknown;
  for await (const chunk of chunks) {
    onChunk(chunk);
    const { choices, usage: counted, ...rest } = chunk;
    head ??= rest;
    usage = counted ?? usage;
    const { delta, ...others } = choices.find(({ index }) => index === 0) ?? { delta: {} };
    choice = { ...choice, ...withoutNulls(others) };
    const { tool_calls: pieces = [], ...said } = delta ?? {};
    append(message, said);
    for (const { index = 0, ...piece } of pieces) appendCall((calls[Number(index)] ??= {}), piece);
  }
  if (head === undefined) throw new GatewayError('upstream_invalid_answer', "The provider's stream held nothing", { retryable: true });
  const whole = calls.length > 0 ? { ...message, tool_calls: calls.filter((call) => call !== undefined) } : message;
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, ...choice, message: whole }],
    ...(usage !== undefined && { usage }),
  } as unknown as ChatResponse;
}

/** Texts and lists grow; whatever else there is comes once. */
function append(target: Draft, piece: JsonObject): void {
  for (const [name, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const before = target[name];
    if (name !== 'role' && typeof before === 'string' && typeof value === 'string') target[name] = before + value;
    else if (Array.isArray(before) && Array.isArray(value)) target[name] = [...before, ...value];
    else target[name] = value;
  }
}

function appendCall(call: Draft, { function: described, ...piece }: JsonObject): void {
  Object.assign(call, withoutNulls(piece));
  const { name, arguments: given, ...others } = (described ?? {}) as JsonObject;
  const before = (call.function ?? { name: '', arguments: '' }) as Draft;
  call.function = {
    ...before,
    ...others,
    ...(typeof name === 'string' && name !== '' && { name }),
    arguments: `${String(before.arguments)}${typeof given === 'string' ? given : ''}`,
  };
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
}
