import { describe, expect, test } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Operation } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';
import { sseBody } from './sse-body.ts';

async function written(events: readonly Json<JsonObject>[], operation: Operation): Promise<{ readonly text: string; readonly returned: number }> {
  let returned = 0;
  let isRead = false;
  const batches: AsyncIterableIterator<{ events: readonly Json<JsonObject>[] }> = {
    [Symbol.asyncIterator]: () => batches,
    async next() {
      if (isRead) return { done: true, value: undefined };
      isRead = true;
      return { done: false, value: { events } };
    },
    async return() {
      returned += 1;
      throw new Error('nor can it be returned');
    },
  };
  let text = '';
  for await (const piece of sseBody({ kind: 'stream', batches }, operation)) text += String(piece);
  return { text, returned };
}

describe('a stream as server-sent events', () => {
  test('keeps an event on one line, however its JSON was laid out', async () => {
    const { text } = await written([LazyJson.ofText('{"a":\n1,\r\n"b":"\\n"}')], 'chat');
    expect(text).toBe('data: {"a": 1,  "b":"\\n"}\n\ndata: [DONE]\n\n');
  });

  test.each<[string, Operation, Json<JsonObject>]>([
    ['cannot be written', 'chat', LazyJson.ofValue({ n: 1n })],
    ['cannot be read', 'responses', LazyJson.ofText('{"a": oops}')],
  ])('ends with an error at an event that %s, and lets go of its source', async (_, operation, event) => {
    const { text, returned } = await written([event], operation);
    expect({ error: JSON.parse(text.slice('data: '.length)).error.code, returned }).toEqual({ error: 'internal', returned: 1 });
  });
});
