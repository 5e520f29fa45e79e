import type { JsonObject } from '@sluice/core';
import { type Choice, mapChoices, mapMessages, type Quirk } from './quirk.ts';

type LooseCall = JsonObject & { readonly id?: string; readonly index?: number; readonly function?: JsonObject };

/** Tool calls that lack `index` or `type`, or bring arguments as an object: clients need all three, the last as text. */
export const looseToolCalls: Quirk = {
  toReply: (reply) =>
    mapMessages(reply, (message) =>
      Array.isArray(message.tool_calls) ? withCalls(message, (message.tool_calls as readonly LooseCall[]).map(complete)) : message,
    ),
  chunks: {
    concerns: /"tool_calls"\s*:\s*\[/,
    mapper() {
      const numbering = new Map<unknown, Map<string, number>>();
      return (chunk) => [
        mapChoices(chunk, (choice) => {
          const calls = choice.delta?.tool_calls;
          if (!Array.isArray(calls)) return choice;
          const numbers = numbering.get(choice.index) ?? new Map<string, number>();
          numbering.set(choice.index, numbers);
          return withDelta(
            choice,
            (calls as readonly LooseCall[]).map((call, position) => number(call, position, numbers)),
          );
        }),
      ];
    },
  },
};

/** A call is known by its id; a piece without one goes on with the latest. */
function number(call: LooseCall, position: number, numbers: Map<string, number>): LooseCall {
  const known = call.id ? numbers.get(call.id) : undefined;
  const index = call.index ?? known ?? (call.id ? numbers.size : Math.max(0, numbers.size - 1, position));
  if (call.id && known === undefined) numbers.set(call.id, index);
  const isOpening = call.id !== undefined && known === undefined;
  const numbered = call.index === undefined ? { ...call, index } : call;
  return isOpening ? complete(numbered) : numbered;
}

function complete(call: LooseCall): LooseCall {
  const given = call.function?.arguments;
  if (call.type !== undefined && typeof given === 'string') return call;
  const text = typeof given === 'string' ? given : given === undefined || given === null ? '' : JSON.stringify(given);
  return { ...call, type: call.type ?? 'function', function: { ...call.function, arguments: text } };
}

function withCalls(message: JsonObject, calls: readonly LooseCall[]): JsonObject {
  const before = message.tool_calls as readonly LooseCall[];
  return calls.every((call, index) => call === before[index]) ? message : { ...message, tool_calls: calls };
}

function withDelta(choice: Choice, calls: readonly LooseCall[]): Choice {
  const delta = withCalls(choice.delta as JsonObject, calls);
  return delta === choice.delta ? choice : { ...choice, delta };
}
