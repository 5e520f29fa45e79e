import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonArraySplitter } from './json-array-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Splitter } from './splitter.ts';

const LIMIT = 1024 * 1024;

/** The events of `text`, in pieces that end at `cuts`, as values. */
function splitAt(splitter: Splitter, text: string, cuts: readonly number[]): unknown[] {
  const bytes = Buffer.from(text);
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
  const events = [...pieces.flatMap((piece) => splitter.push(piece).events), ...splitter.flush().events];
  return events.map(({ data }) => JSON.parse(data) as unknown);
}

const objects = fc
  .array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 12 })
  .map((list) => JSON.parse(JSON.stringify(list)) as object[]);
const cuts = fc.array(fc.nat(3000), { maxLength: 40 });
const indent = fc.constantFrom(0, 1, '\t');

describe('any cut gives the same events', () => {
  test('of lines, whatever ends them, the last one ended or not', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\n\n', ' \n');
    fc.assert(
      fc.property(objects, ends, fc.boolean(), cuts, (list, end, isLastEnded, at) => {
        const text = list.map((item) => JSON.stringify(item)).join(end) + (isLastEnded ? end : '');
        expect(splitAt(new LineSplitter(LIMIT), text, at)).toEqual(list);
        expect(
          splitAt(
            new LineSplitter(LIMIT),
            text,
            [...text].map((_, index) => index),
          ),
        ).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  test('of a list, however it is written', () => {
    fc.assert(
      fc.property(objects, indent, cuts, (list, space, at) => {
        const text = JSON.stringify(list, undefined, space);
        expect(splitAt(new JsonArraySplitter(LIMIT), text, at)).toEqual(list);
        expect(
          splitAt(
            new JsonArraySplitter(LIMIT),
            text,
            [...text].map((_, index) => index),
          ),
        ).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  test('of an object that nothing is around', () => {
    expect(splitAt(new JsonArraySplitter(LIMIT), ' {"error": {"code": 400, "message": "]}\\"["}}\n', [3, 9, 30])).toEqual([
      { error: { code: 400, message: ']}"[' } },
    ]);
  });

  test('behind a byte order mark', () => {
    expect(splitAt(new LineSplitter(LIMIT), '\uFEFF{"a":1}\n', [1])).toEqual([{ a: 1 }]);
    expect(splitAt(new JsonArraySplitter(LIMIT), '\uFEFF[{"a":1}]', [1])).toEqual([{ a: 1 }]);
  });
});

describe('whatever arrives', () => {
  test('an object that is not whole is no event', () => {
    const splitter = new JsonArraySplitter(LIMIT);
    expect(splitter.push(Buffer.from('[{"a":1},{"b":')).events).toHaveLength(1);
    expect(splitter.flush().events).toEqual([]);
  });

  test('a list of anything but objects is refused', () => {
    for (const text of ['[1]', '["a"]', 'nonsense', '[{}null]', '<html>'])
      expect(() => new JsonArraySplitter(LIMIT).push(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'upstream_invalid_answer' }));
  });

  test('no bytes make them fail but by refusing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 60 }),
            fc.stringMatching(/^[[\]{}",\\a]*$/).map((text) => Buffer.from(text)),
          ),
        ),
        (chunks) => {
          for (const splitter of [new LineSplitter(200), new JsonArraySplitter(200)]) {
            try {
              for (const chunk of chunks) splitter.push(chunk);
              splitter.flush();
            } catch (error) {
              expect(error).toMatchObject({ code: 'upstream_invalid_answer' });
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('an event over the limit is refused, however it comes', () => {
    for (const Kind of [LineSplitter, JsonArraySplitter]) {
      for (const size of [1, 100, 5000]) {
        const splitter = new Kind(1000);
        splitter.push(Buffer.from('{"'));
        const feed = (): void => {
          for (let sent = 0; sent < 5000; sent += size) splitter.push(Buffer.alloc(size, 'x'));
        };
        expect(feed).toThrow(expect.objectContaining({ code: 'upstream_invalid_answer' }));
      }
    }
  });

  test('a large event in tiny pieces costs no more than its bytes', () => {
    for (const Kind of [LineSplitter, JsonArraySplitter]) {
      const splitter = new Kind(64 * LIMIT);
      const piece = Buffer.from('xxxx');
      const startedAt = performance.now();
      splitter.push(Buffer.from('{"a":"'));
      for (let sent = 0; sent < 2 * LIMIT; sent += piece.length) splitter.push(piece);
      expect(splitter.push(Buffer.from('"}\n')).events[0]?.data).toHaveLength(2 * LIMIT + 8);
      // Looking again at what is kept, with every piece, would take hours.
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    }
  });
});
