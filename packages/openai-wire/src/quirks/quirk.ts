import type { JsonObject, ModelRequest, ProviderCall, Usage } from '@sluice/core';

/**
 * One way in which a host departs from OpenAI's wire form, and how it is set right. Every function gives back
 * its very argument when there is nothing to change, so that bytes can pass untouched.
 */
export type Quirk = {
  /** The host sends usage in every stream and refuses `stream_options`. */
  readonly refusesStreamOptions?: true;
  toRequest?(request: ModelRequest, call: ProviderCall): ModelRequest;
  toReply?(reply: JsonObject): JsonObject;
  /** For chunks: which events to look at, by their text, and a fresh mapper for each stream. */
  readonly chunks?: { readonly concerns: RegExp; mapper(): (chunk: JsonObject) => readonly JsonObject[] };
  /** How its embeddings are asked for, and told in OpenAI's numbers. */
  readonly vectors?: { toRequest(request: ModelRequest): ModelRequest; toReply(reply: JsonObject, request: ModelRequest): JsonObject };
  /** What was used, where the host counts in another way; `reported` is as it stands on the wire. */
  toUsage?(usage: Usage, reported: JsonObject): Usage;
  /** Whether this event is the last, on hosts that send no `[DONE]`. Such events stay events for the caller. */
  isEnd?(data: string): boolean;
};

export type Choice = JsonObject & { readonly delta?: JsonObject | null; readonly message?: JsonObject | null };

/** The same object when `map` gives back every choice as it was. */
export function mapChoices(body: JsonObject, map: (choice: Choice) => Choice): JsonObject {
  const { choices } = body;
  if (!Array.isArray(choices)) return body;
  const mapped = (choices as readonly Choice[]).map(map);
  return mapped.every((choice, index) => choice === choices[index]) ? body : { ...body, choices: mapped };
}

/** Changes the message of each choice, or the delta in a stream. */
export function mapMessages(body: JsonObject, map: (message: JsonObject) => JsonObject): JsonObject {
  return mapChoices(body, (choice) => {
    const { message, delta } = choice;
    const newMessage = message ? map(message) : message;
    const newDelta = delta ? map(delta) : delta;
    if (newMessage === message && newDelta === delta) return choice;
    return { ...choice, ...(newMessage && { message: newMessage }), ...(newDelta && { delta: newDelta }) };
  });
}

/** A quirk that treats replies and chunks alike and needs no memory of the stream. */
export function sameInBoth(concerns: RegExp, map: (body: JsonObject) => JsonObject): Quirk {
  return { toReply: map, chunks: { concerns, mapper: () => (chunk) => [map(chunk)] } };
}

/** The same object where it has none of these fields. */
export function omit(object: JsonObject, ...fields: readonly string[]): JsonObject {
  if (!fields.some((field) => field in object)) return object;
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** `from` under the name `to`, unless that one is there too; the same object where it has no `from`. */
export function renamed(object: JsonObject, from: string, to: string): JsonObject {
  return object[from] === undefined ? object : { ...omit(object, from), [to]: object[to] ?? object[from] };
}
