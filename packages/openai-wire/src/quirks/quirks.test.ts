import type { JsonObject, ModelRequest, ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { mendAnswers } from './mend.ts';
import { QUIRKS, type QuirkName } from './quirks.ts';

const call = { operation: 'chat', request: { model: 'm' } } as ProviderCall;

function streamThrough(names: readonly QuirkName[], ...chunks: JsonObject[]): JsonObject[] {
  const map = mendAnswers(names.map((name) => QUIRKS[name])).toChunks?.(call);
  return chunks.flatMap((chunk) => map?.({ event: undefined, data: JSON.stringify(chunk) }) ?? [chunk]);
}

function replyThrough(names: readonly QuirkName[], reply: JsonObject): JsonObject {
  return mendAnswers(names.map((name) => QUIRKS[name])).toReply?.(reply, call) ?? reply;
}

const delta = (fields: JsonObject, more: JsonObject = {}): JsonObject => ({ id: 'x', choices: [{ index: 0, delta: fields, finish_reason: null, ...more }] });
const message = (fields: JsonObject): JsonObject => ({ id: 'x', choices: [{ index: 0, message: fields }] });

describe('content-parts', () => {
  test('text becomes content, thoughts reasoning, and the rest is kept', () => {
    const parts = [
      {
        type: 'thinking',
        thinking: [
          { type: 'text', text: 'Hm' },
          { type: 'text', text: '.' },
        ],
      },
      { type: 'text', text: 'Yes' },
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: '!' },
    ];
    const mended = { content: 'Yes!', reasoning_content: 'Hm.', content_parts: [{ type: 'reference', reference_ids: [1] }] };
    expect(replyThrough(['content-parts'], message({ role: 'assistant', content: parts, more: 1 }))).toEqual(
      message({ role: 'assistant', ...mended, more: 1 }),
    );
    expect(streamThrough(['content-parts'], delta({ content: parts }))).toEqual([delta(mended)]);
  });

  test('plain text is not even parsed', () => {
    expect(mendAnswers([QUIRKS['content-parts']]).toChunks?.(call)({ event: undefined, data: '{"choices":[{"delta":{"content":"[x"}}]}' })).toBeUndefined();
  });
});

describe('loose-tool-calls', () => {
  test('calls without an index are numbered by their ids, pieces without an id go on with the latest', () => {
    const mended = streamThrough(
      ['loose-tool-calls'],
      delta({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] }),
      delta({ tool_calls: [{ function: { arguments: '}' } }] }),
      delta({ tool_calls: [{ id: 'b', function: { name: 'g' } }] }),
      delta({ tool_calls: [{ id: 'a', function: { arguments: ' ' } }] }),
    );
    expect(mended).toEqual([
      delta({ tool_calls: [{ id: 'a', index: 0, type: 'function', function: { name: 'f', arguments: '{' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '}' } }] }),
      delta({ tool_calls: [{ id: 'b', index: 1, type: 'function', function: { name: 'g', arguments: '' } }] }),
      delta({ tool_calls: [{ id: 'a', index: 0, function: { arguments: ' ' } }] }),
    ]);
  });

  test('several whole calls in one chunk are told apart, per choice', () => {
    const two = [
      { id: 'a', function: { name: 'f', arguments: '{}' } },
      { id: 'b', function: { name: 'g', arguments: '{}' } },
    ];
    const [chunk] = streamThrough(['loose-tool-calls'], {
      choices: [
        { index: 0, delta: { tool_calls: two } },
        { index: 1, delta: { tool_calls: two } },
      ],
    });
    expect(chunk).toMatchObject({
      choices: [{ delta: { tool_calls: [{ index: 0 }, { index: 1 }] } }, { delta: { tool_calls: [{ index: 0 }, { index: 1 }] } }],
    });
  });

  test('arguments as an object become text', () => {
    const { choices } = replyThrough(['loose-tool-calls'], message({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }] }));
    expect(choices).toMatchObject([{ message: { tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }] } }]);
  });

  test('what is right already stays the very same', () => {
    const right = message({ tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] });
    expect(replyThrough(['loose-tool-calls'], right)).toBe(right);
  });
});

describe('usage', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2 };

  test('beside the last delta it becomes a chunk of its own', () => {
    expect(streamThrough(['usage-beside-choices'], { ...delta({}, { finish_reason: 'stop' }), usage })).toEqual([
      delta({}, { finish_reason: 'stop' }),
      { id: 'x', choices: [], usage },
    ]);
  });

  test('null beside a delta is left alone', () => {
    expect(streamThrough(['usage-beside-choices'], { ...delta({}), usage: null })).toEqual([{ ...delta({}), usage: null }]);
  });

  test('under x_groq it is told once, in its place', () => {
    const last = { ...delta({}, { finish_reason: 'stop' }), x_groq: { id: 'r', usage } };
    expect(streamThrough(['x-groq-usage', 'usage-beside-choices'], last)).toEqual([last, { id: 'x', choices: [], x_groq: { id: 'r', usage }, usage }]);
    expect(streamThrough(['x-groq-usage', 'usage-beside-choices'], { id: 'x', choices: [], x_groq: { usage }, usage })).toEqual([
      { id: 'x', choices: [], x_groq: { usage }, usage },
    ]);
  });
});

test('thoughts-in-total: what the total holds beyond both parts is output', () => {
  const { toUsage } = mendAnswers([QUIRKS['thoughts-in-total']]);
  expect(toUsage?.({ usage: { prompt_tokens: 66, completion_tokens: 6, total_tokens: 100 } }, call)).toEqual({
    inputTokens: 66,
    outputTokens: 34,
    reasoningTokens: 28,
  });
  expect(toUsage?.({ usage: { prompt_tokens: 66, completion_tokens: 6, total_tokens: 72 } }, call)).toEqual({ inputTokens: 66, outputTokens: 6 });
});

test('searches-each-call: an answer that counts no search stands for one', () => {
  const { toUsage } = mendAnswers([QUIRKS['searches-each-call']]);
  const counts = { prompt_tokens: 6, completion_tokens: 3 };
  expect(toUsage?.({ usage: counts }, call)).toMatchObject({ webSearches: 1 });
  expect(toUsage?.({ usage: { ...counts, search_context_size: 'high' } }, call)).toMatchObject({ webSearches: 1, webSearchSize: 'high' });
  expect(toUsage?.({ usage: { ...counts, num_search_queries: 14, citation_tokens: 9 } }, call)).toMatchObject({ webSearches: 14, citationTokens: 9 });
});

describe('cumulative-message', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2 };

  test('only the delta is left of each chunk, and only the last usage', () => {
    const mended = streamThrough(
      ['cumulative-message', 'usage-beside-choices'],
      { ...delta({ content: 'a' }, { message: { content: 'a' } }), object: 'chat.completion.chunk', usage },
      { ...delta({ content: 'b' }, { message: { content: 'ab' }, finish_reason: 'stop' }), object: 'chat.completion.done', usage },
    );
    expect(mended).toEqual([
      { ...delta({ content: 'a' }), object: 'chat.completion.chunk' },
      { ...delta({ content: 'b' }, { finish_reason: 'stop' }), object: 'chat.completion.chunk' },
      { id: 'x', object: 'chat.completion.chunk', choices: [], usage },
    ]);
  });

  test('the last chunk is the end, since nothing else says so', () => {
    const { isEnd } = mendAnswers([QUIRKS['cumulative-message']]);
    expect(isEnd?.({ event: undefined, data: JSON.stringify(delta({}, { finish_reason: 'stop' })) })).toBe(true);
    expect(isEnd?.({ event: undefined, data: JSON.stringify(delta({ content: '"finish_reason":"stop"' })) })).toBe(false);
  });

  test('a whole answer loses the delta that repeats it', () => {
    const twice = { choices: [{ index: 0, message: { content: 'a' }, delta: { content: '' } }] };
    expect(replyThrough(['cumulative-message'], twice)).toEqual({ choices: [{ index: 0, message: { content: 'a' } }] });
  });
});

describe('finish-words', () => {
  test.each([
    ['eos', 'stop'],
    ['model_length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['tool_use', 'tool_calls'],
  ])('%s is %s, and is kept', (word, known) => {
    expect(streamThrough(['finish-words'], delta({}, { finish_reason: word }))).toEqual([delta({}, { finish_reason: known, native_finish_reason: word })]);
  });

  test.each(['stop', 'length', 'tool_calls', 'content_filter', 'function_call', 'never_heard_of'])('%s stays', (word) => {
    expect(streamThrough(['finish-words'], delta({}, { finish_reason: word }))).toEqual([delta({}, { finish_reason: word })]);
  });
});

describe('requests', () => {
  const request = { model: 'm', messages: [] } as ModelRequest;

  test.each([
    ['no-stream-options', { stream_options: { include_usage: true } }, {}],
    ['max-tokens-only', { max_completion_tokens: 5 }, { max_tokens: 5 }],
    ['max-tokens-only', { max_completion_tokens: 5, max_tokens: 3 }, { max_tokens: 3 }],
    ['maximum-tokens', { max_completion_tokens: 5 }, { maximum_tokens: 5 }],
    ['maximum-tokens', { max_tokens: 3 }, { maximum_tokens: 3 }],
  ] as const)('%s changes %o to %o, and nothing where there is nothing to change', (name, given, expected) => {
    expect(QUIRKS[name].toRequest?.({ ...request, ...given }, call)).toEqual({ ...request, ...expected });
    expect(QUIRKS[name].toRequest?.(request, call)).toBe(request);
  });
});
