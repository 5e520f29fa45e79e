import type { Deployment, JsonObject, ProviderCall } from '@sluice/core';
import { expect, test } from 'vitest';
import type { GenerateContentResponse } from '../wire.ts';
import { joinEvents } from './join-events.ts';
import { toReply } from './to-reply.ts';

const deployment: Deployment = { id: 'd', provider: 'gemini', model: 'gemini-3' };
const call: ProviderCall = { operation: 'chat', request: { model: 'm' }, deployment };
const replyTo = (answer: GenerateContentResponse): JsonObject => toReply({ responseId: 'r1', ...answer }, call);
const choicesOf = (answer: GenerateContentResponse): readonly JsonObject[] => replyTo(answer).choices as readonly JsonObject[];

test.each<[string, boolean, string]>([
  ['STOP', false, 'stop'],
  ['STOP', true, 'tool_calls'],
  ['MAX_TOKENS', true, 'length'],
  ...['SAFETY', 'RECITATION', 'LANGUAGE', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY', 'MALFORMED_FUNCTION_CALL', 'A_NEW_ONE'].map(
    (reason): [string, boolean, string] => [reason, false, 'content_filter'],
  ),
])('%s with calls (%s) is %s', (finishReason, hasCalls, expected) => {
  const parts = hasCalls ? [{ functionCall: { name: 'f' } }] : [{ text: 'A' }];
  expect(choicesOf({ candidates: [{ content: { parts }, finishReason }] })).toMatchObject([{ finish_reason: expected, native_finish_reason: finishReason }]);
});

test('an answer without text has no content, and one of several parts has all of it', () => {
  expect(choicesOf({ candidates: [{ content: {}, finishReason: 'SAFETY' }] })[0]?.message).toEqual({ role: 'assistant', content: null, refusal: null });
  const parts = [
    { text: 'Hm', thought: true },
    { text: 'A' },
    { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    { text: 'B', thoughtSignature: 'c2ln' },
  ];
  expect(choicesOf({ candidates: [{ content: { parts }, finishReason: 'STOP' }] })[0]?.message).toEqual({
    role: 'assistant',
    content: 'AB',
    refusal: null,
    reasoning_content: 'Hm',
    images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
    extra_content: { google: { thought_signature: 'c2ln' } },
  });
});

test('every candidate is a choice, with calls of its own', () => {
  const content = { parts: [{ functionCall: { name: 'f' }, thoughtSignature: 'c2ln' }, { functionCall: { name: 'f' } }] };
  const ids = choicesOf({ candidates: [{ content }, { content, index: 1 }] }).flatMap(({ message }) =>
    (message as { tool_calls: { id: string }[] }).tool_calls.map(({ id }) => id),
  );
  expect(ids).toEqual(['call_r1_0', 'call_r1_1', 'call_r1_1_0', 'call_r1_1_1']);
  expect(new Set(ids).size).toBe(4);
});

test('a blocked prompt is a choice that refuses; without a reason there is no answer at all', () => {
  expect(choicesOf({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'No' } })).toMatchObject([
    { message: { content: null, refusal: 'No' }, finish_reason: 'content_filter', native_finish_reason: 'PROHIBITED_CONTENT' },
  ]);
  expect(replyTo({})).not.toHaveProperty('choices');
});

test('usage counts thoughts and what tools have read, each once', () => {
  const usageMetadata = {
    ...{ promptTokenCount: 10, toolUsePromptTokenCount: 5, candidatesTokenCount: 3, thoughtsTokenCount: 7, totalTokenCount: 25, cachedContentTokenCount: 4 },
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 8 },
      { modality: 'AUDIO', tokenCount: 2 },
    ],
  };
  expect(replyTo({ candidates: [], usageMetadata }).usage).toEqual({
    ...{ prompt_tokens: 15, completion_tokens: 10, total_tokens: 25 },
    prompt_tokens_details: { cached_tokens: 4, audio_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 7 },
  });
  expect(
    replyTo({ candidates: [], usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 9, thoughtsTokenCount: 7, totalTokenCount: 10 } }).usage,
  ).toMatchObject({ completion_tokens: 9 });
});

test('log probabilities come in the form of OpenAI', () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'ü', logProbability: -0.5 }],
    topCandidates: [{ candidates: [{ token: 'ü', logProbability: -0.5 }, { token: 'u' }] }],
  };
  expect(choicesOf({ candidates: [{ content: { parts: [{ text: 'ü' }] }, logprobsResult }] })[0]?.logprobs).toEqual({
    content: [
      {
        token: 'ü',
        logprob: -0.5,
        bytes: [195, 188],
        top_logprobs: [
          { token: 'ü', logprob: -0.5, bytes: [195, 188] },
          { token: 'u', logprob: 0, bytes: [117] },
        ],
      },
    ],
    refusal: null,
  });
});

test('the events of a stream that came as a list are one answer', () => {
  const events = [
    { candidates: [{ content: { parts: [{ text: 'A' }] } }] },
    { candidates: [{ content: { parts: [{ text: 'B' }] }, finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 1 } },
  ];
  expect(joinEvents(events)).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'A' }, { text: 'B' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1 },
  });
});
