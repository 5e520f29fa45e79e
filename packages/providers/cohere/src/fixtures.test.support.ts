import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const usage = { billed_units: { input_tokens: 3, output_tokens: 4 }, tokens: { input_tokens: 11, output_tokens: 7 } };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

type Event = { readonly type: string; readonly [field: string]: unknown };

function sse(...events: Event[]): Recording {
  const lines = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(`${lines.join('')}data: [DONE]\n\n`) };
}

const START: Event = { id: 'c1', type: 'message-start', delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } } };
const content = (part: object, index = 0): Event => ({ type: 'content-delta', index, delta: { message: { content: part } } });
const call = (type: string, index: number, toolCalls: object): Event => ({ type, index, delta: { message: { tool_calls: toolCalls } } });
const end = (reason: string, more: object = {}): Event => ({ type: 'message-end', delta: { finish_reason: reason, usage, ...more } });

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json({
      id: 'c1',
      message: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm' },
          { type: 'text', text: 'Läuft: 21 °C' },
        ],
      },
      finish_reason: 'COMPLETE',
      usage,
    }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streamed,
    answer: sse(
      START,
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'thinking', thinking: '' } } } },
      content({ thinking: 'Hm' }),
      { type: 'content-end', index: 0 },
      content({ text: 'Läuft: ' }, 1),
      content({ text: '21 °C 😀' }, 1),
      { type: 'citation-start', index: 0, delta: { message: { citations: { start: 7, end: 12, text: '21 °C', sources: [] } } } },
      { type: 'citation-end', index: 0 },
      end('COMPLETE'),
    ),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls, one without arguments',
    operation: 'chat',
    request: streamed,
    answer: sse(
      START,
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will look.' } } },
      call('tool-call-start', 0, { id: 'weather_1', type: 'function', function: { name: 'weather', arguments: '' } }),
      call('tool-call-delta', 0, { function: { arguments: '{"city":"Zür' } }),
      call('tool-call-delta', 0, { function: { arguments: 'ich"}' } }),
      { type: 'tool-call-end', index: 0 },
      call('tool-call-start', 1, { id: 'now_2', type: 'function', function: { name: 'now', arguments: '' } }),
      { type: 'tool-call-end', index: 1 },
      end('TOOL_CALL'),
    ),
    expected: {
      toolCalls: [
        { name: 'weather', arguments: { city: 'Zürich' } },
        { name: 'now', arguments: {} },
      ],
      finish: 'tool_calls',
    },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ id: 'e', message: 'invalid api token: sk-contract-0123456789abcdef' }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
  {
    name: 'a rate limit',
    operation: 'chat',
    request: asked,
    answer: json({ message: 'You are using a Trial key, which is limited to 20 API calls / minute.' }, 429),
    expected: { error: { status: 429, message: /Trial key/ } },
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
    answer: sse(
      START,
      content({ text: 'Lä' }),
      end('ERROR', { error: 'your request resulted in an invalid tool generation', error_type: 'INVALID_TOOL_GENERATION' }),
    ),
    expected: { error: { message: /invalid tool generation/ } },
  },
  {
    name: 'embeddings',
    operation: 'embeddings',
    request: { model: 'm', input: 'Zürich', encoding_format: 'base64', dimensions: 256 },
    answer: json({ id: 'e1', embeddings: { float: [[1]] }, texts: ['Zürich'], meta: { billed_units: { input_tokens: 2, image_tokens: 0 } } }),
    expected: { inputTokens: 2 },
  },
  {
    name: 'a transcript',
    operation: 'audio.transcribe',
    request: { model: 'm', language: 'de' },
    answer: json({ text: 'Grüezi' }),
    expected: {},
  },
];
