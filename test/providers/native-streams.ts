import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { Operation } from '@sluice/core';
import type { ProviderFixture, Recording } from '@sluice/testing';
import type { PackagedProvider } from '../support/provider-packages.ts';

/** What each of these streams says. */
const TEXT = 'Läuft 😀 {"error": 1}';
const [FIRST, SECOND] = ['Läuft ', '😀 {"error": 1}'];

type Streaming = 'chat' | 'completions' | 'responses';
type Answers = { readonly answer: Recording; readonly before?: readonly Recording[] };

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);

function recording(contentType: string, body: string | Buffer, status = 200): Recording {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

/** Server-sent events of these data; those with a `type` are named by it as well. */
function sse(...events: readonly (object | string)[]): Answers {
  const lines = events.map((event) => {
    const { type } = event as { readonly type?: string };
    return `${type === undefined ? '' : `event: ${type}\n`}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;
  });
  return { answer: recording('text/event-stream', lines.join('')) };
}

function lines(...events: readonly object[]): Answers {
  return { answer: recording('application/x-ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join('')) };
}

function frames(...events: readonly (readonly [string, object | Buffer])[]): Answers {
  const encoded = events.map(([name, payload]) => {
    const headers = { ':message-type': { type: 'string' as const, value: 'event' }, ':event-type': { type: 'string' as const, value: name } };
    return codec.encode({ headers, body: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload)) });
  });
  return { answer: recording('application/vnd.amazon.eventstream', Buffer.concat(encoded)) };
}

const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

function openaiChunk(delta: object, finish: string | null = null): object {
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] };
}

const OPENAI_CHAT = sse(
  openaiChunk({ role: 'assistant', content: FIRST }),
  openaiChunk({ content: SECOND }),
  openaiChunk({}, 'stop'),
  { ...openaiChunk({}), choices: [], usage },
  '[DONE]',
);
const openaiText = (text: string, finish: string | null = null): object => ({
  ...{ id: 'c', object: 'text_completion', created: 1, model: 'm' },
  choices: [{ index: 0, text, finish_reason: finish, logprobs: null }],
});
const OPENAI_TEXT = sse(openaiText(FIRST), openaiText(SECOND), openaiText('', 'stop'), { ...openaiText(''), choices: [], usage }, '[DONE]');
const response = { id: 'r', object: 'response', created_at: 1, model: 'm', output: [] };
const delta = (text: string): object => ({ type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: text });
const OPENAI_RESPONSE = sse({ type: 'response.created', response: { ...response, status: 'in_progress' } }, delta(FIRST), delta(SECOND), {
  type: 'response.completed',
  response: { ...response, status: 'completed', usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } },
});

/** Perplexity's last word is the end of its answer, and nothing follows. */
const PERPLEXITY = sse(openaiChunk({ role: 'assistant', content: FIRST }), { ...openaiChunk({ content: SECOND }, 'stop'), usage });

const OPENAIS: Readonly<Record<Streaming, Answers>> = { chat: OPENAI_CHAT, completions: OPENAI_TEXT, responses: OPENAI_RESPONSE };

const told = (text: string): object => ({ model: 'm', created_at: '2026-08-04T19:58:15Z', message: { role: 'assistant', content: text }, done: false });
const generated = (text: string): object => ({ model: 'm', created_at: '2026-08-04T19:58:15Z', response: text, done: false });
const counted = { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 4 };

const part = (text: string, more: object = {}): object => ({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }] });

const begun = recording(
  'application/json',
  JSON.stringify({
    ...{ id: 'p1', status: 'starting', output: null, error: null, created_at: '2024-10-04T18:07:35.262Z' },
    urls: { get: 'https://api.replicate.com/v1/predictions/p1', stream: 'https://stream.replicate.com/v1/files/abc' },
  }),
  201,
);
const PREDICTION: Answers = {
  before: [begun],
  answer: recording('text/event-stream', `event: output\ndata: ${FIRST}\n\nevent: output\ndata: ${SECOND}\n\nevent: done\ndata: {}\n\n`),
};

const watsonxText = (text: string, reason: string): object => ({
  model_id: 'm',
  results: [{ generated_text: text, generated_token_count: 2, input_token_count: 3, stop_reason: reason }],
});

/** Of Hugging Face's server, whose details come with the last token. */
const GENERATED = sse({ token: { text: FIRST } }, { token: { text: SECOND }, details: { finish_reason: 'eos_token', generated_tokens: 4, input_length: 3 } });

/** How the providers of a package stream, where not as OpenAI does. Nothing where it is not told by the bytes of an answer. */
const STREAMS: Readonly<Record<string, Readonly<Partial<Record<Streaming, Answers>>>>> = {
  anthropic: {
    chat: sse(
      {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: FIRST } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: SECOND } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 4 } },
      { type: 'message_stop' },
    ),
  },
  bedrock: {
    chat: frames(
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: FIRST } }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: SECOND } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 }, metrics: { latencyMs: 1 } }],
    ),
  },
  cohere: {
    chat: sse(
      { id: 'c', type: 'message-start', delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: FIRST } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: SECOND } } } },
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { billed_units: { input_tokens: 3, output_tokens: 4 } } } },
    ),
  },
  google: { chat: sse(part(FIRST), part(SECOND, { finishReason: 'STOP' })) },
  mistral: { completions: OPENAI_CHAT },
  'nlp-cloud': { chat: pieces(FIRST, SECOND), completions: pieces(FIRST, SECOND) },
  ollama: {
    chat: lines(told(FIRST), told(SECOND), { ...told(''), ...counted }),
    completions: lines(generated(FIRST), generated(SECOND), { ...generated(''), ...counted }),
  },
  replicate: { chat: PREDICTION, completions: PREDICTION },
  sagemaker: { chat: payload(OPENAI_CHAT), completions: payload(GENERATED) },
  triton: { completions: sse({ model_name: 'm', text_output: FIRST }, { model_name: 'm', text_output: SECOND }) },
  watsonx: { completions: sse(watsonxText(FIRST, 'not_finished'), watsonxText(SECOND, 'eos_token')) },
};

/** Of providers that stream otherwise than the rest of their package. */
const STREAMS_BY_NAME: Readonly<Record<string, Readonly<Partial<Record<Streaming, Answers>>>>> = {
  perplexity: { chat: PERPLEXITY, completions: PERPLEXITY, responses: PERPLEXITY },
  watsonx_gateway: OPENAIS,
};

const STREAMING: readonly Streaming[] = ['chat', 'completions', 'responses'];
const REQUESTS: Readonly<Record<Streaming, object>> = {
  chat: { messages: [{ role: 'user', content: 'Anybody?' }] },
  completions: { prompt: 'Anybody?' },
  responses: { input: 'Anybody?' },
};

/** A stream of each operation of the provider's that streams. */
export function nativeStreams({ folder, provider }: PackagedProvider): readonly ProviderFixture[] {
  return STREAMING.filter((operation) => provider.operations[operation as Operation]).map((operation): ProviderFixture => {
    const answers = (STREAMS_BY_NAME[provider.name] ?? STREAMS[folder])?.[operation] ?? OPENAIS[operation];
    const request = { model: 'm', stream: true, ...REQUESTS[operation] };
    return { name: operation, operation, request, ...answers, expected: operation === 'responses' ? {} : { text: TEXT } };
  });
}

function pieces(...texts: readonly string[]): Answers {
  return { answer: recording('text/event-stream', texts.map((text) => `${text}\0`).join('')) };
}

/** Server-sent events in the frames of AWS, which end anywhere. */
function payload({ answer: { body } }: Answers): Answers {
  return frames(...Array.from({ length: Math.ceil(body.length / 31) }, (_, at) => ['PayloadPart', Buffer.from(body.subarray(at * 31, at * 31 + 31))] as const));
}
