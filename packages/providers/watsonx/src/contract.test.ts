import { secret } from '@sluice/core';
import { PROVIDER_KEY, providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { test } from 'vitest';
import { watsonx } from './watsonx.ts';

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

/** As IBM's servers number and name their events. */
function stream(...events: readonly object[]): Recording {
  const lines = events.map((event, index) => `id: ${index + 1}\nevent: message\ndata: ${JSON.stringify(event)}\n\n`);
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: Buffer.from(lines.join('')) };
}

const chat = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };
const usage = { completion_tokens: 7, prompt_tokens: 11, total_tokens: 18 };
const warning = { warnings: [{ message: 'This model is in an error-prone state', id: 'deprecation_warning' }] };
const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'chatcmpl-1',
  model_id: 'ibm/granite-3-3-8b-instruct',
  choices: [{ index: 0, finish_reason: finish, delta }],
  created: 1749764735,
  created_at: '2025-06-12T21:45:35.150Z',
});
const last = { ...chunk({}), choices: [], usage };
const result = (text: string, more: object): object => ({
  model_id: 'm',
  created_at: '2025-06-24T15:30:13.500Z',
  results: [{ generated_text: text, ...more }],
});
const failure = (code: string, message: string, status: number): Recording => json({ errors: [{ code, message }], trace: 't', status_code: status }, status);

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: chat,
    answer: json({
      id: 'chatcmpl-1',
      model_id: 'ibm/granite-3-3-8b-instruct',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft: 21 °C', reasoning_content: 'Hm' }, finish_reason: 'stop' }],
      created: 1749764735,
      usage,
      system: warning,
    }),
    expected: {
      text: 'Läuft: 21 °C',
      finish: 'stop',
      inputTokens: 11,
      outputTokens: 7,
      fields: { object: 'chat.completion', model: 'ibm/granite-3-3-8b-instruct' },
    },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streamed,
    answer: stream(
      { ...chunk({ role: 'assistant', content: '' }), system: warning },
      chunk({ content: 'Läuft' }),
      chunk({ content: ' 😀' }),
      chunk({ content: '' }, 'stop'),
      last,
    ),
    expected: { text: 'Läuft 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls',
    operation: 'chat',
    request: streamed,
    answer: stream(
      chunk({ role: 'assistant', content: '' }),
      chunk({ tool_calls: [{ index: 0, id: 'w1', type: 'function', function: { name: 'weather', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { name: '', arguments: '{"city": "Zürich"}' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'n2', type: 'function', function: { name: 'now', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 1, function: { name: '', arguments: '{}' } }] }, 'tool_calls'),
      last,
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
    name: 'a text',
    operation: 'completions',
    request: { model: 'm', prompt: 'Once' },
    answer: json(result(' upon', { generated_token_count: 2, input_token_count: 5, stop_reason: 'MAX_TOKENS' })),
    expected: { text: ' upon', finish: 'length', inputTokens: 5, outputTokens: 2 },
  },
  {
    name: 'a streamed text',
    operation: 'completions',
    request: { model: 'm', prompt: 'Once', stream: true, stream_options: { include_usage: true } },
    answer: stream(
      result('', { generated_token_count: 0, input_token_count: 5, stop_reason: 'not_finished' }),
      result(' upon', { generated_token_count: 1, input_token_count: 0, stop_reason: 'not_finished' }),
      result(' 😀', { generated_token_count: 3, input_token_count: 0, stop_reason: 'eos_token' }),
    ),
    expected: { text: ' upon 😀', finish: 'stop', inputTokens: 5, outputTokens: 3 },
  },
  {
    name: 'vectors',
    operation: 'embeddings',
    request: { model: 'm', input: ['Zürich', 'Bern'] },
    answer: json({ model_id: 'm', results: [{ embedding: [0.5] }, { embedding: [1] }], input_token_count: 4 }),
    expected: { inputTokens: 4, usage: { inputTokens: 4 } },
  },
  {
    name: 'an order',
    operation: 'rerank',
    request: { model: 'm', query: 'Is it "warm"?', documents: ['snow', { text: 'sun' }], return_documents: true },
    answer: json({
      model_id: 'm',
      results: [
        { index: 0, score: -3, input: { text: 'snow' } },
        { index: 1, score: 2, input: { text: 'sun' } },
      ],
      input_token_count: 9,
    }),
    expected: {
      fields: {
        results: [
          { index: 1, relevance_score: 2, document: { text: 'sun' } },
          { index: 0, relevance_score: -3, document: { text: 'snow' } },
        ],
      },
      usage: { inputTokens: 9 },
    },
  },
  {
    name: 'a refused token',
    operation: 'chat',
    request: chat,
    answer: failure('authentication_token_not_valid', `Failed to authenticate the request: ${PROVIDER_KEY}`, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a limit',
    operation: 'chat',
    request: chat,
    answer: failure('rate_limit_reached_requests', 'Rate limit of 2 requests per 1s was reached', 429),
    expected: { error: { status: 429, message: /Rate limit of 2/ } },
  },
  {
    name: 'a failure within a stream',
    operation: 'chat',
    request: streamed,
    answer: stream(chunk({ role: 'assistant', content: 'Lä' }), chunk({}, 'error')),
    expected: { error: { message: /ended without an answer/ } },
  },
];

// A token needs no exchange.
const deployment = { baseUrl: 'https://eu-de.ml.cloud.ibm.com', options: { project_id: 'p1', watsonx_token: secret(PROVIDER_KEY) } };
for (const { name, run } of providerContract({ provider: watsonx({ env: {} }), fixtures, deployment })) test(name, run);
