import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { test } from 'vitest';
import { huggingface } from './huggingface.ts';

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(events: readonly unknown[], end = ''): Recording {
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(lines.join('') + end) };
}

const chat = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const call = (id: string, name: string, given: string): object => ({ id, type: 'function', function: { name, arguments: given } });
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

const chats: readonly ProviderFixture[] = [
  {
    name: 'a chat',
    operation: 'chat',
    request: chat,
    answer: json({ choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft: 21 °C' }, finish_reason: 'eos_token' }], usage }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a streamed chat with a call',
    operation: 'chat',
    request: { ...chat, stream: true, stream_options: { include_usage: true } },
    answer: sse(
      [
        chunk({ role: 'assistant', content: 'Läuft 😀' }),
        chunk({ tool_calls: [call('w1', 'weather', '{"city":"Zür')] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: 'ich"}' } }] }, 'tool_calls'),
        { ...chunk({}), choices: [], usage },
      ],
      'data: [DONE]\n\n',
    ),
    expected: {
      text: 'Läuft 😀',
      toolCalls: [{ name: 'weather', arguments: { city: 'Zürich' } }],
      finish: 'tool_calls',
      inputTokens: 11,
      outputTokens: 7,
    },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: chat,
    answer: json({ error: 'Invalid username or password: sk-contract-0123456789abcdef' }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'credits that are used up',
    operation: 'chat',
    request: chat,
    answer: json({ error: 'You have exceeded your monthly included credits for Inference Providers.' }, 402),
    expected: { error: { message: /monthly included credits/ } },
  },
];

const vectors = json([
  [0.5, -1],
  [0.25, 0],
]);

const pipelines: readonly ProviderFixture[] = [
  { name: 'vectors', operation: 'embeddings', request: { model: 'm', input: ['Zürich', 'Bern'] }, answer: vectors, expected: { usage: { inputTokens: 3 } } },
  {
    name: 'an order',
    operation: 'rerank',
    request: { model: 'm', query: 'Is it "warm"?', documents: ['snow', 'sun'], top_n: 1 },
    answer: json([0.1, 0.9]),
    expected: { fields: { results: [{ index: 1, relevance_score: 0.9 }] } },
  },
  {
    name: 'a picture',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama' },
    answer: { status: 200, headers: { 'content-type': 'image/jpeg' }, body: Buffer.from([0xff, 0xd8, 0xff]) },
    expected: { fields: { data: [{ b64_json: '/9j/' }] }, usage: { images: 1 } },
  },
  {
    name: 'a model that is loading',
    operation: 'embeddings',
    request: { model: 'm', input: 'a' },
    answer: json({ error: 'Model m is currently loading', estimated_time: 20.5 }, 503),
    expected: { error: { status: 503, message: /loading/ } },
  },
  {
    name: 'a list of errors',
    operation: 'embeddings',
    request: { model: 'm', input: 'a' },
    answer: json({ error: ['Error in `inputs`: field required'] }, 400),
    expected: { error: { status: 400, message: /field required/ } },
  },
];

const prompt = { model: 'm', prompt: 'Once in Zürich' };
const token = (text: string, more: object = {}): object => ({ index: 1, token: { id: 1, text, logprob: -0.5, special: false }, generated_text: null, ...more });

const SPECIAL = { id: 2, text: '</s>', logprob: 0, special: true };

const generations: readonly ProviderFixture[] = [
  {
    name: 'a text',
    operation: 'completions',
    request: prompt,
    answer: json({ generated_text: ' läuft', details: { finish_reason: 'length', generated_tokens: 3, prefill: [], tokens: [] } }),
    expected: { text: ' läuft', finish: 'length', usage: { inputTokens: 4, outputTokens: 3 } },
  },
  {
    name: 'a streamed text',
    operation: 'completions',
    request: { ...prompt, stream: true, stream_options: { include_usage: true } },
    answer: sse([
      token(' läuft'),
      token(' 😀'),
      token('</s>', { token: SPECIAL, generated_text: ' läuft 😀', details: { finish_reason: 'eos_token', generated_tokens: 3, input_length: 5, seed: null } }),
    ]),
    expected: { text: ' läuft 😀', finish: 'stop', inputTokens: 5, outputTokens: 3 },
  },
  {
    name: 'a prompt that is too long',
    operation: 'completions',
    request: prompt,
    answer: json({ error: 'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000', error_type: 'validation' }, 422),
    expected: { error: { status: 422, message: /4096 tokens/ } },
  },
  {
    name: 'an overload within a stream',
    operation: 'completions',
    request: { ...prompt, stream: true },
    answer: sse([{ error: 'Model is overloaded', error_type: 'overloaded' }]),
    expected: { error: { status: 429, message: /overloaded/ } },
  },
];

const own = { baseUrl: 'https://own.endpoints.huggingface.cloud' };
const provider = huggingface({ env: {} });
for (const { name, run } of providerContract({ provider, fixtures: [...chats, ...pipelines] })) test(`the router: ${name}`, run);
for (const { name, run } of providerContract({ provider, fixtures: [...chats, ...pipelines, ...generations], deployment: own }))
  test(`an endpoint: ${name}`, run);
