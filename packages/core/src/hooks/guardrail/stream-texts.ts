import type { JsonObject } from '../../types/json.ts';
import { findTexts, type Path } from './texts.ts';

/** A text in an event that goes on in later events: its channel joins the pieces of one text. */
export type Piece = { readonly channel: string; readonly choice: number | undefined; readonly path: Path; readonly text: string };

/** What one event of a stream holds: pieces to be joined, and whether the rest has to be judged for itself. */
export type EventTexts = {
  readonly pieces: readonly Piece[];
  /** Texts that come whole, such as the name of a function. */
  readonly wholes: readonly Path[];
  /** Choices that are complete with this event. */
  readonly finished: readonly number[];
  /** Channels, by the beginning of their names, that are complete before this event. */
  readonly ended: readonly string[];
};

type Choice = { readonly index?: unknown; readonly delta?: unknown; readonly finish_reason?: unknown };

const WHOLE_FIELDS: ReadonlySet<string> = new Set(['name', 'title', 'url', 'filename']);

/** Reads an event of chat, completions (by choices) or responses, speech and images (by types ending in `.delta`). */
export function readEventTexts(event: JsonObject): EventTexts {
  if (Array.isArray(event.choices)) return readChoices(event, event.choices as readonly Choice[]);
  const type = typeof event.type === 'string' ? event.type : '';
  if (type.endsWith('.delta') && typeof event.delta === 'string') {
    return { pieces: [{ channel: channelOf(event, type), choice: undefined, path: ['delta'], text: event.delta }], wholes: [], finished: [], ended: [] };
  }
  const ended = type.endsWith('.done') ? [channelOf(event, `${type.slice(0, -'.done'.length)}.delta`)] : isFinal(type) ? [''] : [];
  return { pieces: [], wholes: [[]], finished: [], ended };
}

function readChoices(event: JsonObject, choices: readonly Choice[]): EventTexts {
  const pieces: Piece[] = [];
  const { choices: _joined, ...beside } = event;
  // Sources and the like, which some hosts send beside the choices.
  const wholes = findTexts(beside).texts.flatMap(({ path, isName }) => (isName ? [] : [path]));
  const finished: number[] = [];
  choices.forEach((choice, position) => {
    const index = indexOf(choice, position);
    for (const { path, text, isName } of findTexts(choice, ['choices', position]).texts) {
      if (isName) continue;
      if (WHOLE_FIELDS.has(String(path.at(-1)))) wholes.push(path);
      else pieces.push({ channel: `${index}|${channelPath(choice, path.slice(2))}`, choice: index, path, text });
    }
    if (choice.finish_reason !== null && choice.finish_reason !== undefined) finished.push(index);
  });
  return { pieces, wholes, finished, ended: [] };
}

/** Positions in lists are of one event; the `index` of an item is of the stream. */
function channelPath(choice: unknown, path: Path): string {
  let node = choice;
  const steps: string[] = [];
  for (const step of path) {
    node = (node as Readonly<Record<string | number, unknown>>)[step];
    steps.push(String(typeof step === 'number' ? indexOf(node, step) : step));
  }
  return steps.join('.');
}

function indexOf(item: unknown, position: number): number {
  const index = (item as { readonly index?: unknown } | null | undefined)?.index;
  return typeof index === 'number' ? index : position;
}

/** `|` at the end, so that no channel's name begins with another's. */
function channelOf(event: JsonObject, type: string): string {
  return `${type}|${String(event.item_id ?? event.output_index ?? '')}|${String(event.content_index ?? '')}|${String(event.summary_index ?? '')}|`;
}

function isFinal(type: string): boolean {
  return type === 'response.completed' || type === 'response.incomplete' || type === 'response.failed';
}

/** An event like `event` that carries nothing but `text` at `path`. */
export function carrier(event: JsonObject, path: Path, text: string): JsonObject {
  if (path[0] !== 'choices') return { ...event, delta: text };
  const { usage: _counted, ...rest } = event;
  const choice = (event.choices as readonly unknown[])[path[1] as number];
  return { ...rest, choices: [{ ...bare(choice, path.slice(2), text), finish_reason: null }] };
}

/** The way to `path` and what identifies its stations, without their other contents. */
function bare(node: unknown, [step, ...rest]: Path, text: string): JsonObject {
  const { index, type } = node as { readonly index?: unknown; readonly type?: unknown };
  const child = (node as Readonly<Record<string | number, unknown>>)[step as string];
  const identity = { ...(index === undefined ? {} : { index }), ...(typeof type === 'string' ? { type } : {}) };
  if (rest.length === 0) return { ...identity, [step as string]: text };
  if (!Array.isArray(child)) return { ...identity, [step as string]: bare(child, rest, text) };
  const [position, ...deeper] = rest;
  const item: unknown = child[position as number];
  return { ...identity, [step as string]: [deeper.length === 0 ? text : bare(item, deeper, text)] };
}

/** An event that ends `choice` in the manner of a content filter. */
export function filteredChoice(event: JsonObject, choice: number): JsonObject {
  const { usage: _counted, ...rest } = event;
  const isChat = event.object === 'chat.completion.chunk' || (event.choices as readonly Choice[])[0]?.delta !== undefined;
  return { ...rest, choices: [{ index: choice, ...(isChat ? { delta: {} } : { text: '' }), finish_reason: 'content_filter' }] };
}
