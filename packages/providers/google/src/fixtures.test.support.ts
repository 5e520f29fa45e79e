import type { ProviderFixture, Recording } from '@sluice/testing';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };
const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 18 };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: unknown[]): Recording {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join('')),
  };
}

const event = (parts: readonly object[], finishReason?: string): object => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason !== undefined && { finishReason }) }],
  usageMetadata,
  modelVersion: 'gemini-3',
  responseId: 'r1',
});

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json(event([{ text: 'Hm', thought: true }, { text: 'Läuft: 21 °C' }], 'STOP')),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streamed,
    answer: sse(
      event([{ text: 'Hm', thought: true }]),
      event([{ text: 'Läuft: ' }]),
      event([{ text: '21 °C 😀' }]),
      event([{ text: '', thoughtSignature: 'c2ln' }], 'STOP'),
    ),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls, one without arguments',
    operation: 'chat',
    request: streamed,
    answer: sse(
      event([{ functionCall: { name: 'weather', args: { city: 'Zürich' } }, thoughtSignature: 'c2ln' }, { functionCall: { name: 'now' } }]),
      event([{ text: '' }], 'STOP'),
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
    answer: json(
      {
        error: {
          code: 400,
          message: 'API key not valid: sk-contract-0123456789abcdef',
          status: 'INVALID_ARGUMENT',
          details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
        },
      },
      400,
    ),
    expected: { error: { status: 400, message: /redacted/ } },
  },
  {
    name: 'a rate limit',
    operation: 'chat',
    request: asked,
    answer: json({ error: { code: 429, message: 'You exceeded your current quota', status: 'RESOURCE_EXHAUSTED' } }, 429),
    expected: { error: { status: 429, message: /quota/ } },
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
    answer: sse(event([{ text: 'Lä' }]), { error: { code: 503, message: 'The model is overloaded', status: 'UNAVAILABLE' } }),
    expected: { error: { message: /overloaded/ } },
  },
];

export const studioEmbeddings: ProviderFixture = {
  name: 'embeddings',
  operation: 'embeddings',
  request: { model: 'm', input: 'Zürich', encoding_format: 'base64', dimensions: 1 },
  answer: json({ embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 2 } }),
  expected: { inputTokens: 2 },
};

export const vertexEmbeddings: ProviderFixture = {
  ...studioEmbeddings,
  answer: json({ predictions: [{ embeddings: { values: [1], statistics: { token_count: 2, truncated: false } } }] }),
};

/** What proxies make of a stream that they do not know as one. */
export const asList: ProviderFixture = {
  name: 'a stream that comes as a list',
  operation: 'chat',
  request: streamed,
  answer: json([event([{ text: 'Läuft: ' }]), event([{ text: '21 °C 😀' }], 'STOP')]),
  expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
};
