import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'claude-sonnet-4-5', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5-20250929', stop_sequence: null };

function json(body: unknown, status = 200, headers: Recording['headers'] = {}): Recording {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: readonly { readonly type: string }[]): Recording {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(text) };
}

const start = { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 11, output_tokens: 1 } } };
const opened = (index: number, block: object): { type: string } => ({ type: 'content_block_start', index, content_block: block }) as { type: string };
const told = (index: number, delta: object): { type: string } => ({ type: 'content_block_delta', index, delta }) as { type: string };
const closed = (index: number): { type: string } => ({ type: 'content_block_stop', index }) as { type: string };
const ended = (reason: string): { type: string }[] => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } } as { type: string },
  { type: 'message_stop' },
];

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a count of tokens',
    operation: 'tokens.count',
    request: asked,
    answer: json({ input_tokens: 21 }),
    expected: { fields: { input_tokens: 21, total_tokens: 21, tokenizer_type: 'anthropic_api' } },
  },
  {
    name: 'a count that is refused',
    operation: 'tokens.count',
    request: asked,
    answer: json({ type: 'error', error: { type: 'not_found_error', message: 'model: x' } }, 404),
    expected: { error: { status: 404, message: /model: x/ } },
  },
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json({ ...message, content: [{ type: 'text', text: 'Läuft: 21 °C' }], stop_reason: 'end_turn', usage: { input_tokens: 11, output_tokens: 7 } }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streamed,
    answer: sse(
      start,
      { type: 'ping' },
      opened(0, { type: 'text', text: '' }),
      told(0, { type: 'text_delta', text: 'Läuft: ' }),
      told(0, { type: 'text_delta', text: '21 °C 😀' }),
      closed(0),
      ...ended('end_turn'),
    ),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls, one without arguments',
    operation: 'chat',
    request: { ...streamed, tools: [{ type: 'function', function: { name: 'weather' } }] },
    answer: sse(
      start,
      opened(0, { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }),
      told(0, { type: 'input_json_delta', partial_json: '' }),
      told(0, { type: 'input_json_delta', partial_json: '{"city":' }),
      told(0, { type: 'input_json_delta', partial_json: '"Zürich"}' }),
      closed(0),
      opened(1, { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} }),
      closed(1),
      ...ended('tool_use'),
    ),
    expected: {
      toolCalls: [
        { name: 'weather', arguments: { city: 'Zürich' } },
        { name: 'now', arguments: {} },
      ],
      finish: 'tool_calls',
      inputTokens: 11,
    },
  },
  {
    name: 'an error inside a stream',
    operation: 'chat',
    request: streamed,
    answer: sse(start, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } as { type: string }),
    expected: { error: { message: /Overloaded/ } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key sk-ant-api03-0123456789abcdef' } }, 401),
    expected: { error: { message: /^invalid x-api-key \[redacted\]/ } },
  },
  {
    name: 'too many requests',
    operation: 'chat',
    request: asked,
    answer: json({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }, 429, { 'retry-after': '7' }),
    expected: { error: { status: 429, message: /Slow down/ } },
  },
];
