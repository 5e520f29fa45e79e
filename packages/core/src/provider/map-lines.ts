import { LineSplitter } from '../stream/line-splitter.ts';
import type { JsonObject } from '../types/json.ts';
import { mapSafely } from './map-safely.ts';

const LONGEST_LINE = 16 * 1024 * 1024;

/** An answer in JSON lines with each line as `toLine` has it. Not an async generator, for the reasons given at `onEnd`. */
export function mapLines(source: AsyncIterable<Uint8Array>, toLine: (line: JsonObject) => JsonObject): AsyncIterableIterator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const lines = new LineSplitter(LONGEST_LINE);
  const mapped: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => mapped,
    async next() {
      for (let isOver = false; !isOver; ) {
        const result = await chunks.next();
        isOver = result.done === true;
        const { events } = result.done ? lines.flush() : lines.push(result.value);
        const text = events.map(({ data }) => `${JSON.stringify(mapSafely(() => toLine(JSON.parse(data) as JsonObject)))}\n`).join('');
        if (text !== '') return { done: false, value: Buffer.from(text) };
      }
      return { done: true, value: undefined };
    },
    return: () => chunks.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return mapped;
}
