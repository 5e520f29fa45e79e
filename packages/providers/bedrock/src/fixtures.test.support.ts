import type { ProviderFixture } from '@sluice/testing';
import { frame, json, streamed } from './frames.test.support.ts';

const asked = { model: 'm', messages: [{ role: 'user', content: 'How warm is it in Zürich? "Exactly"' }] };
const streaming = { ...asked, stream: true, stream_options: { include_usage: true } };
const start = frame('messageStart', { role: 'assistant' });
const delta = (contentBlockIndex: number, told: object): Buffer => frame('contentBlockDelta', { contentBlockIndex, delta: told });
const stop = (contentBlockIndex: number): Buffer => frame('contentBlockStop', { contentBlockIndex });
const call = (contentBlockIndex: number, toolUseId: string, name: string): Buffer =>
  frame('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } });
const end = (stopReason: string): readonly Buffer[] => [
  frame('messageStop', { stopReason }),
  frame('metadata', { usage: { inputTokens: 4, outputTokens: 7, totalTokens: 18, cacheReadInputTokens: 7 }, metrics: { latencyMs: 1 } }),
];

export const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request: asked,
    answer: json({
      output: { message: { role: 'assistant', content: [{ text: 'Läuft: 21 °C' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
    }),
    expected: { text: 'Läuft: 21 °C', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: streaming,
    answer: streamed(start, delta(0, { text: 'Läuft: ' }), delta(0, { text: '21 °C 😀' }), stop(0), ...end('end_turn')),
    expected: { text: 'Läuft: 21 °C 😀', finish: 'stop', inputTokens: 11, outputTokens: 7 },
  },
  {
    name: 'a stream of two tool calls, one without arguments',
    operation: 'chat',
    request: { ...streaming, tools: [{ type: 'function', function: { name: 'weather' } }] },
    answer: streamed(
      start,
      call(0, 'tooluse_1', 'weather'),
      delta(0, { toolUse: { input: '{"city":' } }),
      delta(0, { toolUse: { input: '"Zürich"}' } }),
      stop(0),
      call(1, 'tooluse_2', 'now'),
      delta(1, { toolUse: { input: '' } }),
      stop(1),
      ...end('tool_use'),
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
    name: 'an exception inside a stream',
    operation: 'chat',
    request: streaming,
    answer: streamed(start, delta(0, { text: 'Lä' }), frame('throttlingException', { message: 'Too many tokens, please wait' }, 'exception')),
    expected: { error: { message: /Too many tokens/ } },
  },
  {
    name: 'an exception in place of a stream',
    operation: 'chat',
    request: streaming,
    answer: streamed(frame('modelStreamErrorException', { message: 'The model has failed', originalStatusCode: 500 }, 'exception')),
    expected: { error: { status: 502, message: /The model has failed/ } },
  },
  {
    name: 'a refused key',
    operation: 'chat',
    request: asked,
    answer: json({ message: 'The security token sk-contract-0123456789abcdef is invalid.' }, { status: 403, error: 'UnrecognizedClientException' }),
    expected: { error: { status: 403, message: /^The security token \[redacted\] is invalid/ } },
  },
  {
    name: 'too many requests',
    operation: 'chat',
    request: asked,
    answer: json({ message: 'Too many requests' }, { status: 429, error: 'ThrottlingException' }),
    expected: { error: { status: 429, message: /Too many requests/ } },
  },
];
