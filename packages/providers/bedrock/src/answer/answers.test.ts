import type { Deployment, JsonObject, ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import type { Block } from '../wire.ts';
import { toChunks } from './to-chunks.ts';
import { toReply } from './to-reply.ts';

const deployment: Deployment = { id: 'd', provider: 'bedrock', model: 'us.amazon.nova-2-lite-v1:0' };
const call: ProviderCall = { operation: 'chat', request: { model: 'm', messages: [] }, deployment };
const inJson: ProviderCall = { ...call, request: { ...call.request, response_format: { type: 'json_object' } } };
const usage = { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5, cacheWriteInputTokens: 6, cacheDetails: [{ ttl: '1h', inputTokens: 6 }] };

const choiceOf = (content: readonly Block[], stopReason: string, of = call): JsonObject =>
  (toReply({ output: { message: { content } }, stopReason, usage }, of).choices as JsonObject[])[0] ?? {};

function told(events: readonly (readonly [string, object])[], of = call): readonly JsonObject[] {
  const map = toChunks(of);
  return events.flatMap(([event, data]) => map({ event, data: JSON.stringify(data) }) ?? []);
}

const deltas = (chunks: readonly JsonObject[]): readonly JsonObject[] =>
  chunks.flatMap(({ choices }) => (choices as { delta: JsonObject }[]).map(({ delta }) => delta));

describe('a whole answer', () => {
  test('has thoughts with their signatures, text, and calls', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'Hm', signature: 's' } } },
      { reasoningContent: { reasoningText: { text: '…' } } },
      { reasoningContent: { redactedContent: 'ZA==' } },
      { text: 'A' },
      { toolUse: { toolUseId: 't', name: 'f' } },
    ];
    expect(choiceOf(content, 'tool_use')).toEqual({
      index: 0,
      message: {
        role: 'assistant',
        content: 'A',
        refusal: null,
        reasoning_content: 'Hm…',
        thinking_blocks: [
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'redacted_thinking', data: 'ZA==' },
        ],
        tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
      native_finish_reason: 'tool_use',
    });
  });

  test('counts what was cached as input, and keeps what a guardrail says', () => {
    const reply = toReply({ output: { message: { content: [] } }, usage, trace: { guardrail: {} }, serviceTier: { type: 'flex' } }, call);
    expect(reply).toMatchObject({ model: deployment.model, service_tier: 'flex', trace: { guardrail: {} } });
    expect(reply.usage).toEqual({
      prompt_tokens: 14,
      completion_tokens: 4,
      total_tokens: 18,
      prompt_tokens_details: { cached_tokens: 5, cache_write_tokens: 6 },
      cache_details: usage.cacheDetails,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 6 },
    });
  });

  test('keeps what Amazon’s own tools did as it is, beside what they found', () => {
    const location = { web: { url: 'https://example.com' } };
    const content = [
      { toolUse: { toolUseId: 't', name: 'nova_grounding', type: 'server_tool_use' } },
      { toolResult: { content: [{ text: '[HIDDEN]' }] } },
      { text: 'It is' },
      { citationsContent: { content: [{ text: ' so' }], citations: [{ title: 'T', location }] } },
    ];
    expect(choiceOf(content, 'end_turn').message).toEqual({
      role: 'assistant',
      content: 'It is so',
      refusal: null,
      provider_content: content.slice(0, 2),
      citations: [{ title: 'T', location }],
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.com', title: 'T', start_index: 8, end_index: 8 } }],
    });
  });

  test('that came by the tool for it is content', () => {
    const content = [{ text: 'Here:' }, { toolUse: { toolUseId: 't', name: 'json_answer', input: { a: 1 } } }];
    expect(choiceOf(content, 'tool_use', inJson)).toMatchObject({ message: { content: '{"a":1}' }, finish_reason: 'stop' });
    expect(choiceOf([{ text: 'No' }], 'end_turn', inJson)).toMatchObject({ message: { content: 'No' }, finish_reason: 'stop' });
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
    ['a_new_one', 'stop'],
  ])('that ended by %s ended by %s', (reason, finish) => {
    expect(choiceOf([{ text: 'A' }], reason)).toMatchObject({ finish_reason: finish, native_finish_reason: reason });
  });
});

describe('a stream', () => {
  test('begins with a role though nothing announced it, and keeps thoughts whole for the next turn', () => {
    const think = (reasoningContent: object): readonly [string, object] => ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent } }];
    const chunks = told([think({ text: 'H' }), think({ text: 'm' }), think({ signature: 's' }), ['contentBlockStop', { contentBlockIndex: 0 }]]);
    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'H' },
      { reasoning_content: 'm' },
      { thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 's' }] },
    ]);
  });

  test('tells the calls that Amazon makes, and their results, as they are', () => {
    const chunks = told([
      ['contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'a', name: 'nova_grounding', type: 'server_tool_use' } } }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input: '{}' } } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockStart', { contentBlockIndex: 1, start: { toolResult: {} } }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolResult: [{ text: '[HIDDEN]' }] } }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 'b', name: 'f' } } }],
      ['contentBlockStop', { contentBlockIndex: 2 }],
    ]);
    expect(deltas(chunks).slice(1)).toEqual([
      { provider_content: [{ toolUse: { toolUseId: 'a', name: 'nova_grounding', type: 'server_tool_use', input: {} } }] },
      { provider_content: [{ toolResult: { content: [{ text: '[HIDDEN]' }] } }] },
      { tool_calls: [{ index: 0, id: 'b', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    ]);
  });

  test('of JSON by the tool for it is content, and text beside it is none', () => {
    const text: readonly [string, object] = ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Here:' } }];
    const events: readonly (readonly [string, object])[] = [
      text,
      ['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'a', name: 'json_answer' } } }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"a":1}' } } }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['messageStop', { stopReason: 'tool_use' }],
    ];
    const chunks = told(events, inJson);
    expect(deltas(chunks).slice(1)).toEqual([{ content: '{"a":1}' }, {}]);
    expect(chunks.at(-1)?.choices).toMatchObject([{ finish_reason: 'stop' }]);
    expect(deltas(told([text, ['messageStop', { stopReason: 'end_turn' }]], inJson)).slice(1)).toEqual([{ content: 'Here:' }, {}]);
  });

  test('ends with usage, and with what a guardrail says', () => {
    expect(told([['metadata', { usage, trace: { guardrail: {} } }]])).toMatchObject([{ choices: [], usage: { prompt_tokens: 14 }, trace: { guardrail: {} } }]);
  });
});
