import type { Deployment, JsonObject } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import type { Candidate, GenerateContentResponse, Part } from '../wire.ts';
import { isLast, toChunks } from './to-chunks.ts';

const deployment: Deployment = { id: 'd', provider: 'gemini', model: 'gemini-3' };
const head = { responseId: 'r1', modelVersion: 'gemini-3-flash' };

function event(parts: readonly Part[], more: Partial<Candidate> = {}): GenerateContentResponse {
  return { ...head, candidates: [{ index: 0, content: { role: 'model', parts }, ...more }] };
}

type Chunk = {
  readonly object: string;
  readonly choices?: readonly { readonly delta: JsonObject; readonly finish_reason: string | null; readonly native_finish_reason?: string }[];
  readonly usage?: JsonObject;
};

function chunksOf(...events: readonly GenerateContentResponse[]): Chunk[] {
  const map = toChunks({ operation: 'chat', request: { model: 'm', stream: true }, deployment });
  return events.flatMap((each) => map({ event: undefined, data: JSON.stringify(each) }) as readonly Chunk[]);
}

const deltasOf = (...events: readonly GenerateContentResponse[]): JsonObject[] =>
  chunksOf(...events).flatMap(({ choices = [] }) => choices.map(({ delta }) => delta));

describe('a stream of Gemini', () => {
  test('tells its role once, thoughts apart from the text, and signatures where they stand', () => {
    expect(
      deltasOf(event([{ text: 'Hm', thought: true }]), event([{ text: 'A' }]), event([{ text: '', thoughtSignature: 'c2ln' }], { finishReason: 'STOP' })),
    ).toEqual([
      { role: 'assistant', reasoning_content: 'Hm' },
      { content: 'A' },
      { content: '', extra_content: { google: { thought_signature: 'c2ln' } } },
      {},
    ]);
  });

  test('has calls with ids of their own, the same each time the stream is read', () => {
    const events = [event([{ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { name: 'f', id: 'x1' } }]), event([], { finishReason: 'STOP' })];
    expect(deltasOf(...events).slice(0, 2)).toEqual([
      { role: 'assistant', tool_calls: [{ index: 0, id: 'call_r1_0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
      { tool_calls: [{ index: 1, id: 'x1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    ]);
    expect(chunksOf(...events).at(-1)?.choices?.[0]).toMatchObject({ finish_reason: 'tool_calls', native_finish_reason: 'STOP' });
    expect(deltasOf(...events)).toEqual(deltasOf(...events));
  });

  test.each([true, false])('puts arguments together that come in pieces, the end told (%s)', (isEndTold) => {
    const piece = (jsonPath: string, value: object, willContinue = true): GenerateContentResponse =>
      event([{ functionCall: { partialArgs: [{ jsonPath, ...value }], ...(willContinue && { willContinue }) } }]);
    const deltas = deltasOf(
      event([{ functionCall: { name: 'f', willContinue: true }, thoughtSignature: 'c2ln' }]),
      piece('$.items[0].name', { stringValue: 'Zü', willContinue: true }),
      piece('$.items[0].name', { stringValue: 'rich' }),
      piece("$.items[1]['a.b']", { numberValue: 0.5 }),
      piece('$.__proto__.x', { boolValue: true }),
      piece('$.none', { nullValue: null }, isEndTold),
      event([], { finishReason: 'STOP' }),
    );
    expect(deltas[0]).toMatchObject({ tool_calls: [{ id: 'call_r1_0', function: { name: 'f', arguments: '' } }] });
    expect(deltas.slice(1, -1)).toEqual([
      { tool_calls: [{ index: 0, function: { arguments: '{"items":[{"name":"Zürich"},{"a.b":0.5}],"__proto__":{"x":true},"none":null}' } }] },
    ]);
    expect(({} as { x?: boolean }).x).toBeUndefined();
  });

  test.each(['$.a[100000000]', 'a', '$.a[', '$[0]'])('refuses arguments at %s', (jsonPath) => {
    expect(() => chunksOf(event([{ functionCall: { name: 'f', partialArgs: [{ jsonPath, stringValue: 'x' }], willContinue: true } }]))).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_answer' }),
    );
  });

  test('keeps books with every event, and tells usage with the last', () => {
    const chunks = chunksOf(
      { ...event([{ text: 'A' }]), usageMetadata: { promptTokenCount: 3 } },
      { ...event([], { finishReason: 'MAX_TOKENS' }), usageMetadata: { promptTokenCount: 3, thoughtsTokenCount: 2 } },
    );
    expect(chunks.map(({ object, choices, usage }) => [object, choices?.length, usage?.completion_tokens])).toEqual([
      ['chat.completion.chunk', 1, undefined],
      ['usage', undefined, 0],
      ['chat.completion.chunk', 1, undefined],
      ['chat.completion.chunk', 0, 2],
      ['usage', undefined, 2],
    ]);
  });

  test('whose prompt was blocked is a refusal, and complete', () => {
    const blocked = { ...head, promptFeedback: { blockReason: 'SAFETY' } };
    expect(chunksOf(blocked).map(({ choices }) => choices?.[0])).toMatchObject([
      { delta: { role: 'assistant', content: null, refusal: 'The prompt was blocked: SAFETY' } },
      { finish_reason: 'content_filter', native_finish_reason: 'SAFETY' },
    ]);
    expect(isLast({ event: undefined, data: JSON.stringify(blocked) })).toBe(true);
  });

  test('is complete with its reason, and not by arguments that look like one', () => {
    const last = (each: GenerateContentResponse): boolean => isLast({ event: undefined, data: JSON.stringify(each) });
    expect(last(event([{ text: 'A' }], { finishReason: 'STOP' }))).toBe(true);
    expect(last(event([{ functionCall: { name: 'f', args: { finishReason: 'STOP' } } }]))).toBe(false);
    expect(last(event([{ text: '"finishReason": "STOP"' }]))).toBe(false);
  });
});
