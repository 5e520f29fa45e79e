import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const head = { model: 'qwen3:4b', created_at: '2026-08-04T19:58:15.115854Z' };
const counts = { total_duration: 5645304708, load_duration: 55095250, prompt_eval_count: 11, prompt_eval_duration: 71, eval_count: 7, eval_duration: 44 };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.from(JSON.stringify(body)) };
}

function lines(...events: readonly object[]): Recording {
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')) };
}

const told = (message: object): object => ({ ...head, message: { role: 'assistant', content: '', ...message }, done: false });
const ended = (reason: string): object => ({ ...head, message: { role: 'assistant', content: '' }, done: true, done_reason: reason, ...counts });

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json({ ...head, message: { role: 'assistant', content: 'Läuft: 21 °C', thinking: 'Hm' }, done: true, done_reason: 'stop', ...counts }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream that speaks of "done": true',
    operation: 'chat',
    request: streamed,
    answer: lines(told({ thinking: 'Hm' }), told({ content: 'Läuft: {"done": true} ' }), told({ content: '21 °C 😀' }), ended('length')),
    expected: { text: 'Läuft: {"done": true} 21 °C 😀', finish: 'length', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls, one without arguments',
    operation: 'chat',
    request: { ...streamed, tools: [{ type: 'function', function: { name: 'weather' } }] },
    answer: lines(
      told({ tool_calls: [{ function: { index: 0, name: 'weather', arguments: { city: 'Zürich' } } }] }),
      told({ tool_calls: [{ id: 'call_2', function: { index: 1, name: 'now', arguments: {} } }] }),
      ended('stop'),
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
    answer: lines(told({ content: 'Lä' }), { error: 'an error was encountered while running the model' }),
    expected: { error: { message: /while running the model/ } },
  },
  {
    name: 'a model that is not there',
    operation: 'chat',
    request: asked,
    answer: json({ error: "model 'x' not found" }, 404),
    expected: { error: { status: 404, message: /not found/ } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ error: 'unauthorized: sk-contract-0123456789abcdef' }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a queue that is full',
    operation: 'chat',
    request: asked,
    answer: json({ error: 'server busy, please try again. maximum pending requests exceeded' }, 503),
    expected: { error: { status: 503, message: /server busy/ } },
  },
  {
    name: 'a completion',
    operation: 'completions',
    request: { model: 'm', prompt: 'def add(', suffix: 'return "c"' },
    answer: json({ ...head, response: 'a, b):', done: true, done_reason: 'stop', context: [1, 2], ...counts }),
    expected: { text: 'a, b):', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a completion in a stream',
    operation: 'completions',
    request: { model: 'm', prompt: 'def add(', stream: true, stream_options: { include_usage: true } },
    answer: lines(
      { ...head, response: 'a, ', done: false },
      { ...head, response: 'b', done: false },
      { ...head, response: '', done: true, done_reason: 'length', ...counts },
    ),
    expected: { text: 'a, b', finish: 'length', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'embeddings',
    operation: 'embeddings',
    request: { model: 'm', input: ['Zürich', 'Bern'] },
    answer: json({ model: 'm', embeddings: [[0.5], [0.25]], total_duration: 1, prompt_eval_count: 8 }),
    expected: { inputTokens: 8 },
  },
];
