import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, test } from 'vitest';
import { openaiCompatible } from './openai-compatible.ts';
import { presetProvider } from './preset-provider.ts';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: unknown[]): Recording {
  const text = events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(text) };
}

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
const chunk = (delta: object, finish: string | null = null, more: object = {}): object => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

const whole: ProviderFixture = {
  name: 'a whole answer',
  operation: 'chat',
  request: asked,
  answer: json({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft: 21 °C' }, finish_reason: 'stop' }],
    usage,
  }),
  expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
};

const stream: ProviderFixture = {
  name: 'a stream',
  operation: 'chat',
  request: streamed,
  answer: sse(
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Läuft: ' }),
    chunk({ content: '21 °C 😀' }),
    chunk({}, 'stop'),
    { ...head, choices: [], usage },
    '[DONE]',
  ),
  expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
};

const tools: ProviderFixture = {
  name: 'a stream of two tool calls, one without arguments',
  operation: 'chat',
  request: streamed,
  answer: sse(
    chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
    chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'now', arguments: '' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"Zürich"}' } }] }),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
  expected: {
    toolCalls: [
      { name: 'weather', arguments: { city: 'Zürich' } },
      { name: 'now', arguments: {} },
    ],
    finish: 'tool_calls',
  },
};

const errors: readonly ProviderFixture[] = [
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json(
      { error: { message: 'Incorrect API key provided: sk-contract-0123456789abcdef.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' } },
      401,
    ),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a rate limit',
    operation: 'chat',
    request: asked,
    answer: json({ error: { message: 'Slow down', type: 'requests' } }, 429),
    expected: { error: { status: 429, message: /Slow down/ } },
  },
  {
    name: 'a page instead of an answer',
    operation: 'chat',
    request: asked,
    answer: { status: 502, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>Bad gateway</html>') },
    expected: { error: { status: 502 } },
  },
  {
    name: 'an error inside a stream',
    operation: 'chat',
    request: streamed,
    answer: sse(chunk({ content: 'Lä' }), { error: { message: 'Overheated', code: 500 } }),
    expected: { error: { message: /Overheated/ } },
  },
];

const others: readonly ProviderFixture[] = [
  {
    name: 'embeddings in base64',
    operation: 'embeddings',
    request: { model: 'm', input: 'Zürich', encoding_format: 'base64' },
    answer: json({
      object: 'list',
      model: 'm',
      data: [{ object: 'embedding', index: 0, embedding: 'AACAPw==' }],
      usage: { prompt_tokens: 2, total_tokens: 2 },
    }),
    expected: { inputTokens: 2 },
  },
  {
    name: 'speech',
    operation: 'audio.speech',
    request: { model: 'm', input: 'Grüezi', voice: 'alloy' },
    answer: { status: 200, headers: { 'content-type': 'audio/mpeg' }, body: Buffer.from([255, 243, 228, 196, 0]) },
    expected: {},
  },
  {
    name: 'subtitles',
    operation: 'audio.transcribe',
    request: { model: 'm', response_format: 'srt' },
    answer: { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from('1\n00:00:00,000 --> 00:00:01,000\nGrüezi\n') },
    expected: {},
  },
  {
    name: 'a response in a stream',
    operation: 'responses',
    request: { model: 'm', input: 'Zürich?', stream: true },
    answer: sse(
      { type: 'response.created', sequence_number: 0, response: { object: 'response', status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', sequence_number: 1, delta: 'warm' },
      {
        type: 'response.completed',
        sequence_number: 2,
        response: {
          object: 'response',
          status: 'completed',
          output: [{ type: 'message', content: [{ type: 'output_text', text: 'warm' }] }],
          usage: { input_tokens: 3, output_tokens: 1 },
        },
      },
    ),
    expected: { text: 'warm', finish: 'completed', inputTokens: 3, outputTokens: 1 },
  },
];

describe('openai', () => {
  for (const { name, run } of providerContract({ provider: presetProvider('openai'), fixtures: [whole, stream, tools, ...errors, ...others] })) test(name, run);
});

describe('a host of many quirks', () => {
  const quirks = ['content-parts', 'loose-tool-calls', 'finish-words', 'usage-beside-choices'] as const;
  const quirkyHost = openaiCompatible({ name: 'quirky', baseUrl: 'https://quirky.example.com/v1', quirks });
  const quirky: ProviderFixture = {
    name: 'a stream with thoughts, loose calls and other words',
    operation: 'chat',
    request: streamed,
    answer: sse(
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
      chunk({ content: [{ type: 'text', text: 'Läuft' }] }),
      chunk({ tool_calls: [{ id: 'a', function: { name: 'weather', arguments: { city: 'Zürich' } } }] }, 'model_length', { usage }),
      '[DONE]',
    ),
    expected: { text: 'Läuft', finish: 'length', toolCalls: [{ name: 'weather', arguments: { city: 'Zürich' } }], inputTokens: 11, outputTokens: 7 },
  };
  for (const { name, run } of providerContract({ provider: quirkyHost, fixtures: [whole, stream, tools, quirky, ...errors] })) test(name, run);
});

describe('a host with an address for each customer', () => {
  const deployment = { baseUrl: 'https://me.cloud.databricks.com' };
  for (const { name, run } of providerContract({ provider: presetProvider('databricks'), fixtures: [whole, stream, ...errors], deployment })) test(name, run);
});
