import { GatewayError } from '../errors/gateway-error.ts';
import type { Operation } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';

/**
 * A whole answer as the stream that the caller asked for: some hosts cannot stream with every model, and say so
 * only by answering at once.
 * @throws GatewayError `upstream_invalid_answer` where the operation has no such form.
 */
export function wholeAsChunks(reply: JsonObject, operation: Operation): readonly JsonObject[] {
  switch (operation) {
    case 'chat':
      return withUsageApart({ ...reply, object: 'chat.completion.chunk', choices: choicesOf(reply).map(toDelta) });
    case 'completions':
      return withUsageApart(reply);
    case 'responses':
      return [{ type: `response.${String(reply.status)}`, response: reply, sequence_number: 0 }];
    case 'audio.transcribe':
    case 'audio.translate':
      return [
        { type: 'transcript.text.delta', delta: reply.text },
        { ...reply, type: 'transcript.text.done' },
      ];
    default:
      throw new GatewayError('upstream_invalid_answer', 'The provider answered at once where a stream was asked for');
  }
}

function withUsageApart({ usage, ...chunk }: JsonObject): readonly JsonObject[] {
  return usage === undefined || usage === null ? [chunk] : [chunk, { ...chunk, choices: [], usage }];
}

function choicesOf({ choices }: JsonObject): readonly JsonObject[] {
  return Array.isArray(choices) ? (choices as readonly JsonObject[]) : [];
}

function toDelta({ message, ...choice }: JsonObject): JsonObject {
  const delta = (message ?? {}) as JsonObject;
  const calls = delta.tool_calls;
  return { ...choice, delta: Array.isArray(calls) ? { ...delta, tool_calls: calls.map((call: JsonObject, index) => ({ index, ...call })) } : delta };
}
