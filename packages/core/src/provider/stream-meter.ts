import type { Delivered } from '../pipeline/delivered.ts';
import type { Usage } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';

const REPORTS_USAGE = /"usage"\s*:\s*\{/;
const PLAIN_CONTENT = '"content":"';
const CHARACTERS_PER_TOKEN = 4;
const TEXT_FIELDS = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;

/**
 * Reads from passing events the little that accounting needs: the last usage reported, and how much text
 * was delivered, for calls that end before any usage arrives. Looks at the text; parses only what it must.
 */
export class StreamMeter implements Delivered {
  readonly #toUsage: (reply: JsonObject) => Usage | undefined;
  usage: Usage | undefined = undefined;
  /** Characters of answer, reasoning and tool arguments, and the pieces they came in. */
  #characters = 0;
  #pieces = 0;

  constructor(toUsage: (reply: JsonObject) => Usage | undefined) {
    this.#toUsage = toUsage;
  }

  /** No piece is less than a token, and where pieces are longer, four characters are about one. */
  get tokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#characters / CHARACTERS_PER_TOKEN));
  }

  observe(events: readonly Json<JsonObject>[]): void {
    for (const event of events) {
      const { text } = event;
      if (REPORTS_USAGE.test(text)) this.usage = this.#toUsage(event.value) ?? this.usage;
      const length = plainContentLength(text) ?? lengthOfText(event.value);
      if (length > 0) this.#pieces += 1;
      this.#characters += length;
    }
  }
}

/** The length of the only text in a plain delta, found without parsing; nothing when the event is not plain. */
function plainContentLength(text: string): number | undefined {
  const start = text.indexOf(PLAIN_CONTENT);
  if (start < 0 || text.includes('"tool_calls":[') || text.includes('"reasoning')) return undefined;
  const from = start + PLAIN_CONTENT.length;
  const end = text.indexOf('"', from);
  if (end < 0 || text.charCodeAt(end - 1) === 92 || text.indexOf(PLAIN_CONTENT, end) >= 0) return undefined;
  return end - from;
}

type Delta = { readonly [field: string]: unknown; readonly tool_calls?: readonly { readonly function?: { readonly arguments?: unknown } }[] | null };

function lengthOfText(chunk: JsonObject): number {
  let length = 0;
  for (const choice of (chunk.choices as readonly { delta?: Delta; text?: unknown }[] | undefined) ?? []) {
    length += lengthOf(choice.text);
    for (const field of TEXT_FIELDS) length += lengthOf(choice.delta?.[field]);
    for (const call of choice.delta?.tool_calls ?? []) length += lengthOf(call.function?.arguments);
  }
  return length + lengthOf(chunk.delta);
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
