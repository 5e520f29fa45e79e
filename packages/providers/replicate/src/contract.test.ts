import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { test } from 'vitest';
import { replicate } from './replicate.ts';

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.from(JSON.stringify(body)) };
}

function stream(...events: readonly (readonly [event: string, data: string])[]): Recording {
  const lines = events.map(([event, data], index) => {
    const text = data.split('\n').map((line) => `data: ${line}\n`);
    return `event: ${event}\nid: 1690212292:${index}\n${text.join('')}\n`;
  });
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(`: hi\n\n${lines.join('')}`) };
}

const urls = { get: 'https://api.replicate.com/v1/predictions/p1', stream: 'https://stream.replicate.com/v1/files/abc' };
const starting = json({ id: 'p1', status: 'starting', output: null, error: null, logs: '', created_at: '2024-10-04T18:07:35.262Z', urls }, 201);
const succeeded = (output: unknown, metrics: object = {}): Recording =>
  json({
    id: 'p1',
    status: 'succeeded',
    output,
    error: null,
    logs: 'x',
    created_at: '2024-10-04T18:07:35.262Z',
    urls,
    metrics: { predict_time: 1.5, ...metrics },
  });

const chat = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: chat,
    before: [starting],
    answer: succeeded(['Läuft', ': 21 °C'], { input_token_count: 11, output_token_count: 7 }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streamed,
    before: [starting],
    answer: stream(['output', 'Läuft:'], ['output', '\n'], ['output', ''], ['output', ' 21 °C 😀 {"error":'], ['output', ' 1}'], ['done', '{}']),
    expected: { text: 'Läuft:\n 21 °C 😀 {"error": 1}', finish: 'stop' },
  },
  {
    name: 'a streamed text',
    operation: 'completions',
    request: { model: 'm', prompt: 'Once', stream: true },
    before: [starting],
    answer: stream(['output', ' upon'], ['output', ' a time'], ['done', '{}']),
    expected: { text: ' upon a time', finish: 'stop' },
  },
  {
    name: 'a model that does not stream',
    operation: 'chat',
    request: streamed,
    answer: succeeded('Läuft', { input_token_count: 3, output_token_count: 2 }),
    expected: { text: 'Läuft', finish: 'stop', inputTokens: 3, outputTokens: 2 },
  },
  {
    name: 'a picture',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama' },
    before: [starting],
    answer: succeeded('https://replicate.delivery/pbxt/a.png'),
    expected: { fields: { data: [{ url: 'https://replicate.delivery/pbxt/a.png' }] }, usage: { images: 1 } },
  },
  {
    name: 'a picture as bytes',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama', response_format: 'b64_json' },
    before: [starting, succeeded(['https://replicate.delivery/pbxt/a.png'])],
    answer: { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
    expected: { fields: { data: [{ b64_json: 'iVBORw==' }] }, usage: { images: 1 } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: chat,
    answer: json({ title: 'Unauthenticated', detail: 'You did not pass a valid authentication token: sk-contract-0123456789abcdef', status: 401 }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a limit',
    operation: 'chat',
    request: chat,
    answer: json({ detail: 'Request was throttled. Expected available in 1 second.', status: 429 }, 429),
    expected: { error: { status: 429, message: /throttled/ } },
  },
  {
    name: 'an input of another form',
    operation: 'chat',
    request: chat,
    answer: json({ title: 'Input validation failed', detail: '- input.prompt: Invalid type. Expected: string', status: 422 }, 422),
    expected: { error: { status: 422, message: /input\.prompt/ } },
  },
  {
    name: 'a prediction that failed',
    operation: 'chat',
    request: chat,
    before: [starting],
    answer: json({ id: 'p1', status: 'failed', output: null, error: 'CUDA out of memory (E1001)', urls }),
    expected: { error: { status: 502, message: /out of memory/ } },
  },
  {
    name: 'a prediction that failed and has no output',
    operation: 'chat',
    request: chat,
    answer: json({ id: 'p1', status: 'failed', error: 'The input or output was flagged as sensitive. Please try again with different inputs. (E005)' }),
    expected: { error: { status: 400, message: /sensitive/ } },
  },
  {
    name: 'an error inside a stream',
    operation: 'chat',
    request: streamed,
    before: [starting],
    answer: stream(['output', 'Lä'], ['error', '{"detail":"The model crashed"}'], ['done', '{"reason":"error"}']),
    expected: { error: { message: /crashed/ } },
  },
  {
    name: 'a stream that was canceled',
    operation: 'chat',
    request: streamed,
    before: [starting],
    answer: stream(['output', 'Lä'], ['done', '{"reason":"canceled"}']),
    expected: { error: { message: /canceled/ } },
  },
];

for (const { name, run } of providerContract({ provider: replicate({ env: {} }), fixtures })) test(name, run);
