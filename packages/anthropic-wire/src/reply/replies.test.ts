import type { JsonObject, ProviderCall } from '@sluice/core';
import { expect, test } from 'vitest';
import { toChunks } from './to-chunks.ts';
import { toReply } from './to-reply.ts';

function call(request: JsonObject = {}, model = 'claude-sonnet-4-0'): ProviderCall {
  return { operation: 'chat', request: { model: 'group', messages: [], ...request }, deployment: { id: 'd', provider: 'anthropic', model } };
}

const usage = {
  input_tokens: 10,
  cache_creation_input_tokens: 5,
  cache_read_input_tokens: 100,
  output_tokens: 30,
  output_tokens_details: { thinking_tokens: 20 },
  service_tier: 'standard',
  cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
};

function reply(content: readonly JsonObject[], stopReason: string, asked = call()): JsonObject {
  return toReply({ id: 'msg_1', model: 'claude-x', content, stop_reason: stopReason, usage }, asked);
}

function messageOf(answer: JsonObject): JsonObject {
  return (answer.choices as readonly { readonly message: JsonObject }[])[0]?.message ?? {};
}

/** The chunks of a stream of these events, without what is for the books only. */
function chunksOf(events: readonly JsonObject[], asked = call()): JsonObject[] {
  const map = toChunks(asked);
  const start = { type: 'message_start', message: { id: 'msg_1', model: 'claude-x', usage: { ...usage, output_tokens: 1 } } };
  return [start, ...events].flatMap((event) => map({ event: String(event.type), data: JSON.stringify(event) }) ?? []);
}

function deltasOf(chunks: readonly JsonObject[]): JsonObject[] {
  return chunks.flatMap(({ choices }) => ((choices ?? []) as readonly { readonly delta: JsonObject }[]).map(({ delta }) => delta));
}

const opened = (index: number, block: JsonObject): JsonObject => ({ type: 'content_block_start', index, content_block: block });
const told = (index: number, delta: JsonObject): JsonObject => ({ type: 'content_block_delta', index, delta });
const closed = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const ended = (reason: string): JsonObject => ({ type: 'message_delta', delta: { stop_reason: reason }, usage: { input_tokens: null, output_tokens: 30 } });

test('usage tells cached input, newly cached input and thoughts as parts of the whole', () => {
  expect(reply([], 'end_turn')).toMatchObject({
    service_tier: 'default',
    usage: {
      prompt_tokens: 115,
      completion_tokens: 30,
      total_tokens: 145,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 20 },
      cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
    },
  });
});

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
  ['something_new', 'stop'],
])('%s is %s, and stays readable', (native, finish) => {
  expect(reply([], native).choices).toMatchObject([{ finish_reason: finish, native_finish_reason: native }]);
});

test('thoughts come as text and as blocks to hand back', () => {
  const blocks = [
    { type: 'thinking', thinking: 'Hm.', signature: 's' },
    { type: 'redacted_thinking', data: 'x' },
  ];
  expect(messageOf(reply([...blocks, { type: 'text', text: 'Yes' }], 'end_turn'))).toMatchObject({
    content: 'Yes',
    reasoning_content: 'Hm.',
    thinking_blocks: blocks,
  });

  const chunks = chunksOf([
    opened(0, { type: 'thinking', thinking: '', signature: '' }),
    told(0, { type: 'thinking_delta', thinking: 'H' }),
    told(0, { type: 'thinking_delta', thinking: 'm.' }),
    told(0, { type: 'signature_delta', signature: 's' }),
    closed(0),
    opened(1, { type: 'redacted_thinking', data: 'x' }),
    closed(1),
    ended('end_turn'),
  ]);
  expect(deltasOf(chunks).slice(1, 5)).toEqual([
    { reasoning_content: 'H' },
    { reasoning_content: 'm.' },
    { thinking_blocks: [blocks[0]] },
    { thinking_blocks: [blocks[1]] },
  ]);
});

test('what the provider’s own tools do stays as it is, beside the text', () => {
  const citation = { type: 'web_search_result_location', url: 'https://example.com', title: 'Example', cited_text: 'so' };
  const content = [
    { type: 'server_tool_use', id: 'srv', name: 'web_search', input: { query: 'q' } },
    { type: 'web_search_tool_result', tool_use_id: 'srv', content: [] },
    { type: 'text', text: 'It is ' },
    { type: 'text', text: 'so.', citations: [citation] },
  ];
  expect(messageOf(reply(content, 'end_turn'))).toEqual({
    role: 'assistant',
    content: 'It is so.',
    refusal: null,
    provider_content: content.slice(0, 2),
    citations: [citation],
    annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.com', title: 'Example', start_index: 6, end_index: 9 } }],
  });
  const chunks = chunksOf([
    opened(0, { type: 'server_tool_use', id: 'srv', name: 'web_search', input: {} }),
    told(0, { type: 'input_json_delta', partial_json: '{"query":"q"}' }),
    closed(0),
    opened(1, { type: 'compaction', content: null }),
    told(1, { type: 'compaction_delta', content: 'In short', encrypted_content: 'e' }),
    closed(1),
  ]);
  expect(deltasOf(chunks)).toEqual([
    { role: 'assistant', content: '' },
    { provider_content: [content[0]] },
    { provider_content: [{ type: 'compaction', content: 'In short', encrypted_content: 'e' }] },
  ]);
});

test('usage that is told on the way is for the books, and the last is for the caller', () => {
  const chunks = chunksOf([ended('end_turn')]);
  expect(chunks.filter(({ object }) => object === 'usage')).toMatchObject([{ usage: { prompt_tokens: 115, completion_tokens: 1 } }]);
  expect(chunks.at(-1)).toMatchObject({ object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 115, completion_tokens: 30 } });
});

const asJson = call({ response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object', properties: {} } } } });
const answer = { type: 'tool_use', id: 'toolu', name: 'json_answer', input: { age: 4 } };

test('an answer by way of a tool is the content, and nothing else is', () => {
  const whole = reply([{ type: 'text', text: 'Here it is:' }, answer], 'tool_use', asJson);
  expect(whole.choices).toMatchObject([{ message: { content: '{"age":4}' }, finish_reason: 'stop' }]);
  expect(messageOf(whole)).not.toHaveProperty('tool_calls');

  const chunks = chunksOf(
    [
      opened(0, { type: 'text', text: '' }),
      told(0, { type: 'text_delta', text: 'Here it is:' }),
      closed(0),
      opened(1, { ...answer, input: {} }),
      told(1, { type: 'input_json_delta', partial_json: '{"age"' }),
      told(1, { type: 'input_json_delta', partial_json: ':4}' }),
      closed(1),
      ended('tool_use'),
    ],
    asJson,
  );
  expect(
    deltasOf(chunks)
      .map(({ content }) => content ?? '')
      .join(''),
  ).toBe('{"age":4}');
  expect(chunks.at(-2)?.choices).toMatchObject([{ finish_reason: 'stop' }]);
});

test('a model that answers in text though it has the tool is believed', () => {
  const text = [opened(0, { type: 'text', text: '' }), told(0, { type: 'text_delta', text: '{"age":5}' }), closed(0), ended('end_turn')];
  expect(
    deltasOf(chunksOf(text, asJson))
      .map(({ content }) => content ?? '')
      .join(''),
  ).toBe('{"age":5}');
  expect(messageOf(reply([{ type: 'text', text: '{"age":5}' }], 'end_turn', asJson)).content).toBe('{"age":5}');
});
