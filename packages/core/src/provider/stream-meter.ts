import type { Delivered } from '../pipeline/delivered.ts';
import type { Usage } from '../types/usage.ts';
import type { Json, JsonObject } from '../types/json.ts';

const REPORTS_USAGE = /"usage"\s*:\s*\{/;
const PLAIN_TEXT = ['"content":"', '"delta":"'] as const;
const CHARACTERS_PER_TOKEN = 4;
const BACKSLASH = 92;
/** Streams whose events differ in more than their text are looked into one by one. */
const MOST_LEARNED = 8;
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
  /** What stands before and after the text in the last plain events: a stream repeats it in every one. */
  #before = '';
  #after = '';
  #timesLearned = 0;

  constructor(toUsage: (reply: JsonObject) => Usage | undefined) {
    this.#toUsage = toUsage;
  }

  /** No piece is less than a token, and where pieces are longer, four characters are about one. */
  get tokens(): number {
    return Math.max(this.#pieces, Math.ceil(this.#characters / CHARACTERS_PER_TOKEN));
  }

  observe(events: readonly Json<JsonObject>[]): void {
    for (const event of events) {
      const length = this.#lengthIfRepeated(event.text) ?? this.#lookInto(event);
      if (length > 0) this.#pieces += 1;
      this.#characters += length;
    }
  }

  /** The length of the text in an event that repeats all the rest of an earlier one: a tenth of the cost of looking into it. */
  #lengthIfRepeated(text: string): number | undefined {
    const from = this.#before.length;
    const end = text.length - this.#after.length;
    // By slices, which are compared as memory; startsWith and endsWith go letter by letter.
    if (from === 0 || end < from || text.slice(end) !== this.#after || text.slice(0, from) !== this.#before) return undefined;
    return text.indexOf('"', from) === end && text.charCodeAt(end - 1) !== BACKSLASH ? end - from : undefined;
  }

  #lookInto(event: Json<JsonObject>): number {
    const { text } = event;
    const reportsUsage = REPORTS_USAGE.test(text);
    if (reportsUsage) this.usage = this.#toUsage(event.value) ?? this.usage;
    const plain = plainText(text);
    if (!plain) return lengthOfText(event.value);
    if (!reportsUsage && this.#timesLearned < MOST_LEARNED) this.#learn(text, plain);
    return plain.end - plain.from;
  }

  #learn(text: string, { from, end }: PlainText): void {
    this.#timesLearned += 1;
    this.#before = copyOf(text.slice(0, from));
    this.#after = copyOf(text.slice(end));
  }
}

type PlainText = { readonly from: number; readonly end: number };

/** A slice would keep alive all that was read with it. */
function copyOf(slice: string): string {
  return Buffer.from(slice).toString();
}

/** Where the only text of a plain delta stands, found without parsing; nothing when the event is not plain. */
function plainText(text: string): PlainText | undefined {
  const opening = PLAIN_TEXT.find((candidate) => text.includes(candidate));
  if (opening === undefined || text.includes('"tool_calls":[') || text.includes('"reasoning')) return undefined;
  const from = text.indexOf(opening) + opening.length;
  const end = text.indexOf('"', from);
  if (end < 0 || text.charCodeAt(end - 1) === BACKSLASH || text.includes(opening, end)) return undefined;
  return { from, end };
}

type Call = { readonly arguments?: unknown };
type Delta = { readonly [field: string]: unknown; readonly tool_calls?: readonly { readonly function?: Call }[] | null; readonly function_call?: Call | null };
type Choice = { readonly delta?: Delta | null; readonly text?: unknown };

function lengthOfText({ choices, delta }: JsonObject): number {
  let length = lengthOf(delta);
  if (Array.isArray(choices)) for (const choice of choices as readonly (Choice | null)[]) length += lengthOfChoice(choice);
  return length;
}

/** Some hosts repeat a chat delta as `text`. */
function lengthOfChoice(choice: Choice | null): number {
  const delta = choice?.delta;
  if (!delta) return lengthOf(choice?.text);
  let length = lengthOf(delta.function_call?.arguments);
  for (const field of TEXT_FIELDS) length += lengthOf(delta[field]);
  if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls) length += lengthOf(call?.function?.arguments);
  return length;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
