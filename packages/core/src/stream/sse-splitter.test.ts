import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireEvent } from './splitter.ts';
import { SseSplitter } from './sse-splitter.ts';

const LIMIT = 1024 * 1024;

/** The rules of the specification, character by character, without any of the splitter's shortcuts. */
function reference(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  let data: string[] = [];
  let event: string | undefined;
  const end = (): void => {
    if (data.length > 0) events.push({ event, data: data.join('\n') });
    [data, event] = [[], undefined];
  };
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const [, field = line, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (line === '') end();
    else if (line.startsWith(':')) continue;
    else if (field === 'data') data.push(value);
    else if (field === 'event') event = value || undefined;
  }
  end();
  return events;
}

function splitAt(bytes: Uint8Array, cuts: readonly number[]): { events: WireEvent[]; wire: Buffer[] } {
  const splitter = new SseSplitter(LIMIT);
  const found = { events: [] as WireEvent[], wire: [] as Buffer[] };
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < borders.length; index += 1) {
    const { events, wire } = splitter.push(bytes.subarray(borders[index - 1], borders[index]));
    found.events.push(...events);
    if (wire) found.wire.push(Buffer.from(wire));
  }
  found.events.push(...splitter.flush().events);
  return found;
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const content = fc.stringMatching(/^[ :a-zé😀{}"\\\uFEFF]*$/u);
const line = fc.oneof(
  content.map((text) => `data: ${text}`),
  content.map((text) => `data:${text}`),
  content.map((text) => `event: ${text}`),
  content.map((text) => `: ${text}`),
  fc.constantFrom('data', 'id: 7', 'retry: 10', '', ''),
  content,
);
const stream = fc.array(fc.tuple(line, lineEnd), { maxLength: 30 }).map((lines) => lines.flat().join(''));
const cuts = fc.array(fc.nat(2000), { maxLength: 40 });

describe('any cut of any stream gives the same events', () => {
  test('as the rules of the specification, with every kind of line break, mixed', () => {
    fc.assert(
      fc.property(stream, cuts, (text, at) => {
        expect(splitAt(Buffer.from(text), at).events).toEqual(reference(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('byte by byte as well', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const bytes = Buffer.from(text);
        expect(splitAt(bytes, [...bytes.keys()]).events).toEqual(reference(text));
      }),
      { numRuns: 500 },
    );
  });

  test('and the bytes that may be passed on say the same as the events they came with', () => {
    const pure = fc.array(
      fc.oneof(
        content.map((text) => `data: ${text}\n\n`),
        content.map((text) => `event: e\ndata: ${text}\n\n`),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(pure, cuts, (blocks, at) => {
        const { events, wire } = splitAt(Buffer.from(blocks.join('')), at);
        expect(Buffer.concat(wire).toString()).toBe(blocks.join(''));
        expect(events).toEqual(reference(blocks.join('')));
      }),
    );
  });
});

describe('whatever arrives', () => {
  test('no bytes make it crash', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        const splitter = new SseSplitter(LIMIT);
        for (const chunk of chunks) splitter.push(chunk);
        splitter.flush();
      }),
    );
  });

  test('an event over the limit is refused, however it comes', () => {
    for (const size of [1, 100, 5000]) {
      const splitter = new SseSplitter(1000);
      const feed = (): void => {
        for (let sent = 0; sent < 5000; sent += size) splitter.push(Buffer.alloc(size, 'x'));
      };
      expect(feed).toThrow(expect.objectContaining({ code: 'upstream_invalid_answer' }));
    }
  });

  test('a large event in tiny pieces costs no more than its bytes', () => {
    const splitter = new SseSplitter(64 * LIMIT);
    const piece = Buffer.from('xxxx');
    const startedAt = performance.now();
    splitter.push(Buffer.from('data: '));
    for (let sent = 0; sent < 4 * LIMIT; sent += piece.length) splitter.push(piece);
    expect(splitter.push(Buffer.from('\n\n')).events[0]?.data).toHaveLength(4 * LIMIT);
    // Looking again at what is kept, with every piece, would take hours.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('comments, ids and waits stay behind', () => {
    const splitter = new SseSplitter(LIMIT);
    expect(splitter.push(Buffer.from(': waiting\n\ndata: 1\n\nid: 4\ndata: 2\n\n'))).toEqual({
      events: [
        { event: undefined, data: '1' },
        { event: undefined, data: '2' },
      ],
      wire: undefined,
    });
  });
});
