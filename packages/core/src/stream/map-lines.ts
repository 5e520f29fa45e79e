import type { MaybePromise } from '../types/json.ts';
import { LineSplitter } from './line-splitter.ts';

const LONGEST_LINE = 16 * 1024 * 1024;

/** Text with each line as `toLine` has it. Not an async generator, for the reasons given at `onEnd`. */
export function mapLines(source: AsyncIterable<Uint8Array>, toLine: (line: string) => MaybePromise<string>): AsyncIterableIterator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const lines = new LineSplitter(LONGEST_LINE);
  const mapped: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => mapped,
    async next() {
      for (let isOver = false; !isOver; ) {
        const result = await chunks.next();
        isOver = result.done === true;
        const { events } = result.done ? lines.flush() : lines.push(result.value);
        let text = '';
        for (const { data } of events) text += `${await toLine(data)}\n`;
        if (text !== '') return { done: false, value: Buffer.from(text) };
      }
      return { done: true, value: undefined };
    },
    return: () => chunks.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return mapped;
}
