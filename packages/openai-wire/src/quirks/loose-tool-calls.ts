import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';
import { type Choice, mapChoices, mapMessages, type Quirk } from './quirk.ts';

type LooseCall = JsonObject & { readonly id?: string | null; readonly index?: number; readonly function?: JsonObject };

/** Tool calls that lack `id`, `index` or `type`, or bring arguments as an object: clients need all of them, the last as text. */
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

/** A call is known by its id; a piece with neither an id nor a name goes on with the latest. */
function number(call: LooseCall, position: number, numbers: Map<string, number>): LooseCall {
  const id = idOf(call);
  const known = id === undefined ? undefined : numbers.get(id);
  const isNamed = typeof call.function?.name === 'string' && call.function.name !== '';
  const isSeen = call.index === undefined ? false : [...numbers.values()].includes(call.index);
  const isOpening = id === undefined ? isNamed && !isSeen : known === undefined;
  const index = call.index ?? known ?? (isOpening ? numbers.size : Math.max(0, numbers.size - 1, position));
  const numbered = call.index === undefined ? { ...call, index } : call;
  const opened = isOpening ? complete(numbered) : numbered;
  if (isOpening) numbers.set(opened.id as string, index);
  return opened;
}

function complete(call: LooseCall): LooseCall {
  const given = call.function?.arguments;
  const id = idOf(call);
  if (id !== undefined && call.type !== undefined && typeof given === 'string') return call;
  const text = typeof given === 'string' ? given : given === undefined || given === null ? '' : JSON.stringify(given);
  return { ...call, id: id ?? `call_${randomUUID()}`, type: call.type ?? 'function', function: { ...call.function, arguments: text } };
}

/** Mistral's word for no id is one in quotes. */
function idOf({ id }: LooseCall): string | undefined {
  return id === '' || id === 'null' || id === null ? undefined : id;
}

function withCalls(message: JsonObject, calls: readonly LooseCall[]): JsonObject {
  const before = message.tool_calls as readonly LooseCall[];
  return calls.every((call, index) => call === before[index]) ? message : { ...message, tool_calls: calls };
}

function withDelta(choice: Choice, calls: readonly LooseCall[]): Choice {
  const delta = withCalls(choice.delta as JsonObject, calls);
  return delta === choice.delta ? choice : { ...choice, delta };
}
