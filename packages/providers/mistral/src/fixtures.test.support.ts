import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const head = { id: '0980fad0f9af4c4489c8569a87da08cb', created: 1, model: 'm' };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: readonly unknown[]): Recording {
  const text = [...events, '[DONE]'].map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(text) };
}

const chunk = (delta: object, finish: string | null = null, more: object = {}): object => ({
  ...head,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

const whole = (message: object, finish: string): Recording =>
  json({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', tool_calls: null, ...message }, finish_reason: finish }],
    usage,
  });

export const chats: readonly ProviderFixture[] = [
  {
    name: 'a whole answer with thoughts',
    operation: 'chat',
    request: asked,
    answer: whole(
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
          { type: 'text', text: 'Läuft: 21 °C' },
        ],
      },
      'stop',
    ),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream with thoughts',
    operation: 'chat',
    request: streamed,
    answer: sse(
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
      chunk({ content: [{ type: 'text', text: 'Läuft: ' }] }),
      chunk({ content: '21 °C 😀' }),
      chunk({ content: '' }, 'model_length', { usage }),
    ),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'length', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls without index, one without arguments',
    operation: 'chat',
    request: { ...streamed, tools: [{ type: 'function', function: { name: 'weather' } }] },
    answer: sse(
      chunk({ tool_calls: [{ id: 'abcdefgh1', function: { name: 'weather', arguments: '{"city":"Zürich"}' } }] }),
      chunk({ tool_calls: [{ id: 'abcdefgh2', function: { name: 'now', arguments: '' } }] }, 'tool_calls', { usage }),
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
    answer: sse(chunk({ content: 'Lä' }), { error: { message: 'Overheated', code: 500 } }),
    expected: { error: { message: /Overheated/ } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ detail: 'Invalid API Key sk-contract-0123456789abcdef' }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'what a model cannot do',
    operation: 'chat',
    request: asked,
    answer: json({ object: 'error', message: 'Logprobs are not enabled for this model', type: 'invalid_request_invalid_args', param: null, code: '3051' }, 400),
    expected: { error: { status: 400, message: /Logprobs/ } },
  },
  {
    name: 'a request that is not of the form',
    operation: 'chat',
    request: asked,
    answer: json({ detail: [{ type: 'extra_forbidden', loc: ['body', 'x'], msg: 'Extra inputs are not permitted' }] }, 422),
    expected: { error: { status: 422, message: /x: Extra inputs/ } },
  },
  {
    name: 'a rate limit',
    operation: 'chat',
    request: asked,
    answer: json({ object: 'error', message: 'Service tier capacity exceeded for this model.', type: 'invalid_request_error', param: null, code: null }, 429),
    expected: { error: { status: 429, message: /capacity/ } },
  },
];

export const code: readonly ProviderFixture[] = [
  {
    name: 'code between a prompt and a suffix',
    operation: 'completions',
    request: { model: 'm', prompt: 'def add(', suffix: 'return "a" + b' },
    answer: whole({ content: 'a, b):\n' }, 'stop'),
    expected: { text: 'a, b):\n', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'code in a stream',
    operation: 'completions',
    request: { model: 'm', prompt: 'def add(', stream: true, stream_options: { include_usage: true } },
    answer: sse(chunk({ role: 'assistant', content: '' }), chunk({ content: 'a, ' }), chunk({ content: 'b' }, 'length', { usage })),
    expected: { text: 'a, b', finish: 'length', inputTokens: 11, outputTokens: 7 },
  },
];

export const others: readonly ProviderFixture[] = [
  {
    name: 'embeddings',
    operation: 'embeddings',
    request: { model: 'm', input: 'Zürich' },
    answer: json({ ...head, object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5] }], usage: { ...usage, completion_tokens: 0 } }),
    expected: { inputTokens: 11 },
  },
  {
    name: 'a moderation',
    operation: 'moderations',
    request: { model: 'm', input: 'Zürich' },
    answer: json({ ...head, results: [{ categories: { selling: false }, category_scores: { selling: 0.1 } }] }),
    expected: {},
  },
  {
    name: 'a transcript',
    operation: 'audio.transcribe',
    request: { model: 'm' },
    answer: json({ model: 'm', text: 'Grüezi', language: null, segments: [], usage }),
    expected: { inputTokens: 11 },
  },
];
