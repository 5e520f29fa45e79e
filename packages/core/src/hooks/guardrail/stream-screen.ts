import { GatewayError } from '../../errors/gateway-error.ts';
import { andThen, isPromise } from '../../stream/maybe-promise.ts';
import { LazyJson } from '../../stream/lazy-json.ts';
import type { GuardrailUse } from '../../types/guardrail.ts';
import type { Json, JsonObject, MaybePromise } from '../../types/json.ts';
import type { Bench } from './judge.ts';
import { screenAnswer } from './screen-answer.ts';
import { screenValue } from './screen-value.ts';
import { carrier, type EventTexts, filteredChoice, type Piece, readEventTexts } from './stream-texts.ts';
import { DEFAULT_SCREENING, type TextScreen, textScreen } from './text-screen.ts';
import { type Path, withText } from './texts.ts';
import { wholeScreen } from './whole-screen.ts';

const MOST_KNOWN = 1000;
const MOST_CHANNELS = 10_000;

/** A tool's arguments are of no use to the caller before they are whole, and can be judged rightly only then. */
const ARGUMENTS = /(?:^|\.)(?:arguments|partial_json)$|function_call_arguments|mcp_call_arguments|custom_tool_call_input/;

type Channel = { readonly screens: readonly TextScreen[]; readonly choice: number | undefined; last: { readonly event: JsonObject; readonly path: Path } };

/** Judges the events of one streamed answer, each text of it in a channel of its own. */
export class StreamScreen {
  readonly #uses: readonly GuardrailUse[];
  readonly #bench: Bench;
  readonly #cut: (error: unknown) => void;
  readonly #channels = new Map<string, Channel>();
  /** The last event of each choice that is not complete. */
  readonly #open = new Map<number, JsonObject>();
  /** Texts that were judged whole, and what became of them: some hosts send the same ones with every event. */
  readonly #known = new Map<string, string>();
  #out: Json<JsonObject>[] = [];
  #sequence: number | undefined = undefined;

  constructor(uses: readonly GuardrailUse[], bench: Bench, cut: (error: unknown) => void) {
    this.#uses = uses;
    this.#bench = bench;
    this.#cut = cut;
  }

  /** What may leave now. An event without any text leaves as it came. */
  async push(events: readonly Json<JsonObject>[]): Promise<readonly Json<JsonObject>[]> {
    for (const event of events) await this.#screen(event);
    return this.#take();
  }

  /** What was held back, at the regular end of the stream. */
  async flush(): Promise<readonly Json<JsonObject>[]> {
    for (const name of [...this.#channels.keys()]) await this.#release(name);
    return this.#take();
  }

  /** The end of every open choice, after a block. */
  filtered(): readonly Json<JsonObject>[] {
    return [...this.#open].map(([choice, event]) => LazyJson.ofValue(filteredChoice(event, choice)));
  }

  async #screen(event: Json<JsonObject>): Promise<void> {
    const { value } = event;
    const single = withoutTwins(value);
    const found = readEventTexts(single);
    const clean = await this.#screenWholes(single, found);
    for (const prefix of found.ended) await this.#releaseAll((name) => name.startsWith(prefix));

    let next = clean;
    for (const piece of found.pieces) {
      const text = await this.#screenPiece(piece, clean, found.finished.includes(piece.choice as number));
      if (text !== piece.text) next = withText(next, piece.path, text) as JsonObject;
    }
    for (const choice of found.finished) {
      await this.#releaseAll((_name, channel) => channel.choice === choice);
      this.#open.delete(choice);
    }
    this.#remember(clean, found.finished);
    if (next === clean || !isEmptied(next, found)) this.#send(next === value ? event : LazyJson.ofValue(next));
  }

  async #screenWholes(value: JsonObject, { wholes }: EventTexts): Promise<JsonObject> {
    let next = value;
    const guardrails = this.#uses.map(({ guardrail }) => guardrail);
    for (const path of wholes) {
      if (path.length === 0) return screenAnswer(next, guardrails, this.#bench);
      const text = String(path.reduce<unknown>((node, step) => (node as Readonly<Record<string | number, unknown>>)[step], next));
      const screened = this.#known.get(text) ?? (await screenValue(text, guardrails, this.#bench, path));
      if (this.#known.size < MOST_KNOWN) this.#known.set(text, screened);
      if (screened !== text) next = withText(next, path, screened) as JsonObject;
    }
    return next;
  }

  async #screenPiece(piece: Piece, event: JsonObject, isLast: boolean): Promise<string> {
    const channel = this.#channelOf(piece, event);
    const pushed = run(channel.screens, piece.text, isLast);
    const text = isPromise(pushed) ? await pushed : pushed;
    if (isLast) this.#channels.delete(piece.channel);
    return text;
  }

  #channelOf({ channel: name, choice, path }: Piece, event: JsonObject): Channel {
    const known = this.#channels.get(name);
    if (known) {
      known.last = { event, path };
      return known;
    }
    if (this.#channels.size >= MOST_CHANNELS)
      throw new GatewayError('upstream_invalid_answer', `The provider's stream has over ${MOST_CHANNELS} texts at a time`);
    const screens = this.#uses.map(({ guardrail, stream = guardrail.screening ?? DEFAULT_SCREENING }) => {
      const options = { guardrail, bench: this.#bench, place: name, cut: this.#cut };
      return ARGUMENTS.test(name) && stream.mode !== 'observe' ? wholeScreen(options) : textScreen(stream, options);
    });
    const channel: Channel = { screens, choice, last: { event, path } };
    this.#channels.set(name, channel);
    return channel;
  }

  async #releaseAll(isMeant: (name: string, channel: Channel) => boolean): Promise<void> {
    for (const [name, channel] of [...this.#channels]) if (isMeant(name, channel)) await this.#release(name);
  }

  async #release(name: string): Promise<void> {
    const channel = this.#channels.get(name);
    if (!channel) return;
    this.#channels.delete(name);
    const text = await run(channel.screens, '', true);
    if (text !== '') this.#send(LazyJson.ofValue(carrier(channel.last.event, channel.last.path, text)));
  }

  #remember(event: JsonObject, finished: readonly number[]): void {
    if (!Array.isArray(event.choices)) return;
    (event.choices as readonly { readonly index?: unknown }[]).forEach(({ index }, position) => {
      const choice = typeof index === 'number' ? index : position;
      if (!finished.includes(choice)) this.#open.set(choice, event);
    });
  }

  /** Events of the Responses API are counted; one more or one less moves those after it. */
  #send(event: Json<JsonObject>): void {
    const number = event.value.sequence_number;
    if (typeof number !== 'number') {
      this.#out.push(event);
      return;
    }
    this.#sequence = this.#sequence === undefined ? number : this.#sequence + 1;
    this.#out.push(number === this.#sequence ? event : LazyJson.ofValue({ ...event.value, sequence_number: this.#sequence }));
  }

  #take(): readonly Json<JsonObject>[] {
    const events = this.#out;
    this.#out = [];
    return events;
  }
}

/** Through one screen after the other: what one lets out, the next one judges. */
function run(screens: readonly TextScreen[], text: string, isLast: boolean): MaybePromise<string> {
  let flowing: MaybePromise<string> = text;
  for (const screen of screens) flowing = andThen(flowing, (known) => step(screen, known, isLast));
  return flowing;
}

function step(screen: TextScreen, text: string, isLast: boolean): MaybePromise<string> {
  const released = text === '' ? '' : screen.push(text);
  if (!isLast) return released;
  return andThen(released, (known) => andThen(screen.flush(), (rest) => known + rest));
}

/**
 * Without what repeats the texts of the pieces: the running total, or the same text again, that some hosts send
 * beside the delta, and log probabilities, which spell the text out.
 */
function withoutTwins(event: JsonObject): JsonObject {
  if (!Array.isArray(event.choices)) return event.logprobs === undefined ? event : { ...event, logprobs: [] };
  const choices = event.choices as readonly JsonObject[];
  if (!choices.some(hasTwin)) return event;
  return {
    ...event,
    choices: choices.map((choice) => {
      if (!hasTwin(choice)) return choice;
      const { message: _total, text: _again, ...rest } = choice;
      return { ...(rest.delta === undefined ? choice : rest), ...(choice.logprobs ? { logprobs: null } : {}) };
    }),
  };
}

function hasTwin({ logprobs, delta, message, text }: JsonObject): boolean {
  return (logprobs !== undefined && logprobs !== null) || (delta !== undefined && (message !== undefined || text !== undefined));
}

const TEXT_FIELDS: ReadonlySet<string> = new Set(['content', 'reasoning', 'reasoning_content', 'refusal']);

/** Whether nothing is left that is worth an event. */
function isEmptied(event: JsonObject, { finished }: EventTexts): boolean {
  if (finished.length > 0 || (event.usage !== undefined && event.usage !== null)) return false;
  if (!Array.isArray(event.choices)) return event.delta === '';
  return (event.choices as readonly JsonObject[]).every((choice) => {
    if (choice.delta === undefined) return choice.text === '';
    return Object.entries(choice.delta as JsonObject).every(([field, value]) => value === null || (value === '' && TEXT_FIELDS.has(field)));
  });
}
