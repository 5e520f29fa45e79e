import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import type { Answer, Event, Tokens } from './wire.ts';

/** A whole answer as a chat completion. */
export function toReply(body: unknown, call: ProviderCall): JsonObject {
  const { id, text, stop, tokens } = body as Answer;
  const message = { role: 'assistant', content: text };
  return { ...head('chat.completion', id, call), choices: [{ index: 0, message, finish_reason: toFinishReason(stop) }], usage: toUsage(tokens) };
}

/** A mapper for one stream: text becomes a chunk; the end becomes the finish reason, and what was used. */
export function toChunks(call: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  return ({ data }) => {
    const { id, text, stop, tokens } = JSON.parse(data) as Event;
    const start = head('chat.completion.chunk', id, call);
    const chunks: JsonObject[] = [];
    if (text !== undefined) chunks.push({ ...start, choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] });
    if (stop !== undefined) chunks.push({ ...start, choices: [{ index: 0, delta: {}, finish_reason: toFinishReason(stop) }] });
    if (tokens !== undefined) chunks.push({ ...start, choices: [], usage: toUsage(tokens) });
    return chunks;
  };
}

function head(object: string, id: string, { request }: ProviderCall): JsonObject {
  return { id, object, created: Math.floor(Date.now() / 1000), model: request.model };
}

function toFinishReason(stop: string): string {
  return stop === 'length' ? 'length' : 'stop';
}

function toUsage({ read, written }: Tokens): JsonObject {
  return { prompt_tokens: read, completion_tokens: written, total_tokens: read + written };
}
