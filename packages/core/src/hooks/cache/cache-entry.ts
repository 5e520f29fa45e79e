import { LazyJson } from '../../stream/lazy-json.ts';
import type { Batch, Reply } from '../../types/call.ts';
import type { Usage } from '../../types/usage.ts';
import type { Json, JsonObject } from '../../types/json.ts';

/** What is known of a kept answer without reading it. */
export type EntryHead = {
  readonly version: 1;
  readonly kind: 'complete' | 'stream';
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  readonly group?: string | undefined;
  readonly usage?: Usage | undefined;
};

/** One line for the head, one for the body or for each event: a hit parses the head and nothing else. */
export function writeEntry(head: EntryHead, lines: readonly string[]): string {
  return [JSON.stringify(head), ...lines].join('\n');
}

/** @throws SyntaxError for what is not an entry. */
export function readHead(entry: string): EntryHead {
  const head = JSON.parse(entry.slice(0, endOfHead(entry))) as EntryHead;
  if (head.version !== 1) throw new SyntaxError('A cache entry is of another version');
  return head;
}

export function toReply(entry: string, head: EntryHead): Reply {
  const rest = entry.slice(endOfHead(entry) + 1);
  if (head.kind === 'complete') return { kind: 'complete', body: LazyJson.ofText<JsonObject>(rest) };
  return { kind: 'stream', batches: once({ events: rest === '' ? [] : rest.split('\n').map((line) => LazyJson.ofText<JsonObject>(line)) }) };
}

/** JSON on one line. A provider may have sent it over several. */
export function toLine(json: Json<JsonObject>): string {
  return json.text.includes('\n') ? JSON.stringify(json.value) : json.text;
}

function endOfHead(entry: string): number {
  const end = entry.indexOf('\n');
  return end < 0 ? entry.length : end;
}

function once(batch: Batch): AsyncIterable<Batch> {
  let isOver = batch.events.length === 0;
  const batches: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => batches,
    next() {
      if (isOver) return Promise.resolve({ done: true, value: undefined });
      isOver = true;
      return Promise.resolve({ done: false, value: batch });
    },
    return() {
      isOver = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return batches;
}
