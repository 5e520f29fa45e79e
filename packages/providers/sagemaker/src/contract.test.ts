import { EventStreamCodec } from '@smithy/eventstream-codec';
import { providerContract, type ProviderFixture } from '@sluice/testing';
import { test } from 'vitest';
import { sagemakerChat } from './sagemaker.ts';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);

/** A frame as AWS's own library writes it. */
function frame(body: Uint8Array, exception?: string): Buffer {
  const header = (value: string): { type: 'string'; value: string } => ({ type: 'string', value });
  const kind = exception === undefined ? 'event' : 'exception';
  return Buffer.from(codec.encode({ headers: { ':message-type': header(kind), [`:${kind}-type`]: header(exception ?? 'PayloadPart') }, body }));
}

/** Server-sent events in frames that end anywhere, and be it within a character. */
function framed(events: readonly unknown[], ...more: readonly Buffer[]): ProviderFixture['answer'] {
  const bytes = Buffer.from(events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''));
  const frames = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => frame(bytes.subarray(index * 7, index * 7 + 7)));
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: Buffer.concat([...frames, ...more]) };
}

function json(body: unknown, status = 200, error?: string): ProviderFixture['answer'] {
  const headers = { 'content-type': 'application/json', ...(error !== undefined && { 'x-amzn-errortype': error }) };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich?' }] };
const streaming = { ...asked, stream: true, stream_options: { include_usage: true } };
const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const told = [chunk({ role: 'assistant', content: 'Läuft: ' }), chunk({ content: '21 °C 😀' }), chunk({}, 'stop'), { ...chunk({}), choices: [], usage }];
const failed = Buffer.from('{"Message":"The container has failed","ErrorCode":"MODEL_ERROR"}');

const chats: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json({
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft' }, finish_reason: 'stop' }],
      usage,
    }),
    expected: { text: 'Läuft', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streaming,
    answer: framed([...told, '[DONE]']),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream without a last word',
    operation: 'chat',
    request: streaming,
    answer: framed(told),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'an exception inside a stream',
    operation: 'chat',
    request: streaming,
    answer: framed(told.slice(0, 1), frame(failed, 'ModelStreamError')),
    expected: { error: { message: /The container has failed/ } },
  },
  {
    name: 'an error of the container',
    operation: 'chat',
    request: asked,
    answer: json({ Message: 'Received client error (422)', OriginalStatusCode: 422, OriginalMessage: '{"error":"Input validation error"}' }, 424, 'ModelError'),
    expected: { error: { message: /Input validation error/ } },
  },
  {
    name: 'too many requests',
    operation: 'chat',
    request: asked,
    answer: json({ message: 'Rate exceeded' }, 429, 'ThrottlingException'),
    expected: { error: { status: 429, message: /Rate exceeded/ } },
  },
];

const options = { region: 'us-east-1', env: { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' } };
for (const { name, run } of providerContract({ provider: sagemakerChat(options), fixtures: chats, hasKey: false })) test(name, run);
