import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { WireEvent } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { EventStreamSplitter } from './event-stream-splitter.ts';

type Value = { type: 'string'; value: string } | { type: 'integer'; value: number } | { type: 'boolean'; value: boolean } | { type: 'timestamp'; value: Date };

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);

/** A frame as AWS's own library writes it. */
function frame(headers: Record<string, string>, payload: string, more: Record<string, Value> = {}): Buffer {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]));
  return Buffer.from(codec.encode({ headers: { ...more, ...texts }, body: Buffer.from(payload) }));
}

const event = (type: string, payload: object): Buffer => frame({ ':message-type': 'event', ':event-type': type }, JSON.stringify(payload));

function split(bytes: Buffer, size: number, limit = 1 << 20): WireEvent[] {
  const splitter = new EventStreamSplitter(limit);
  const events: WireEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...splitter.push(bytes.subarray(at, at + size)).events);
  return [...events, ...splitter.flush().events];
}

describe('an event stream', () => {
  const stream = Buffer.concat([
    event('messageStart', { role: 'assistant' }),
    frame({ ':message-type': 'event', ':event-type': 'contentBlockDelta' }, JSON.stringify({ delta: { text: 'Zürich 😀' } }), {
      count: { type: 'integer', value: 7 },
      isOdd: { type: 'boolean', value: true },
      at: { type: 'timestamp', value: new Date(0) },
    }),
    frame({ ':message-type': 'event', ':event-type': 'empty' }, ''),
    event('messageStop', { stopReason: 'end_turn' }),
  ]);
  const events = [
    { event: 'messageStart', data: '{"role":"assistant"}' },
    { event: 'contentBlockDelta', data: '{"delta":{"text":"Zürich 😀"}}' },
    { event: 'empty', data: '' },
    { event: 'messageStop', data: '{"stopReason":"end_turn"}' },
  ];

  test.each([1, 2, 3, 5, 7, 11, 12, 13, 16, 17, 64, 100, 4096])('reads the same in pieces of %i bytes', (size) => {
    expect(split(stream, size)).toEqual(events);
  });

  test('that ends within a frame has one event less', () => {
    expect(split(stream.subarray(0, -1), 50)).toEqual(events.slice(0, 3));
  });

  test.each([
    ['exception', { ':message-type': 'exception', ':exception-type': 'throttlingException' }, '{"message":"Slow down"}', 'throttlingException', 'Slow down'],
    ['exception in capitals', { ':message-type': 'exception', ':exception-type': 'ModelStreamError' }, '{"Message":"No"}', 'ModelStreamError', 'No'],
    ['exception in plain text', { ':message-type': 'exception', ':exception-type': 'x' }, 'oops', 'x', 'oops'],
    ['error', { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'Broken' }, '', 'InternalFailure', 'Broken'],
  ])('with an %s has an error', (_, headers, payload, type, message) => {
    expect(split(frame(headers, payload), 10)).toEqual([{ event: 'error', data: JSON.stringify({ type, message }) }]);
  });
});

describe('is refused', () => {
  const good = event('contentBlockDelta', { delta: { text: 'x'.repeat(50) } });

  function broken(at: number): Buffer {
    const bytes = Buffer.from(good);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  }

  test.each(Array.from({ length: good.length }, (_, at) => at))('with another bit in byte %i', (at) => {
    expect(() => split(broken(at), 9)).toThrow(expect.objectContaining({ code: 'upstream_invalid_answer', retryable: true }));
  });

  test('over the limit, before it is kept', () => {
    const splitter = new EventStreamSplitter(good.length - 1);
    expect(() => splitter.push(good.subarray(0, 12))).toThrow('over');
    expect(split(good, 1, good.length)).toHaveLength(1);
  });

  test('with headers longer than the frame', () => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32BE(good.length, 4);
    expect(() => split(bytes, bytes.length)).toThrow('checksum');
  });
});
