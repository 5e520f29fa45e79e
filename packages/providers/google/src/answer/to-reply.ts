import type { JsonObject, ProviderCall } from '@sluice/core';
import { withSignature } from '../extra-content.ts';
import type { Candidate, GenerateContentResponse, Part } from '../wire.ts';
import { blockedText, feedbackOf, kindOf, ownFieldsOf, type PartKind, toAudio, toImage } from './extras.ts';
import { toFinishReason } from './finish-reason.ts';
import { callId, type Head, toHead } from './head.ts';
import { toLogprobs } from './to-logprobs.ts';
import { searchesFor, tierOf, toUsage } from './to-usage.ts';

/** A whole answer in the canonical shape. Without candidates or a reason for that, it has no choices. */
export function toReply(answer: GenerateContentResponse, { deployment }: ProviderCall): JsonObject {
  const { candidates, promptFeedback, usageMetadata } = answer;
  const head = toHead(answer, deployment);
  const usage = toUsage(usageMetadata, searchesFor(candidates, head.model));
  const choices =
    candidates?.map((candidate, position) => toChoice(candidate, position, head)) ??
    (promptFeedback?.blockReason === undefined ? undefined : [blocked(promptFeedback)]);
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    ...tierOf(usageMetadata),
    ...feedbackOf(answer),
    ...(choices && { choices }),
    ...(usage && { usage }),
  };
}

function toChoice(candidate: Candidate, position: number, head: Head): JsonObject {
  const { index = position, content, finishReason = 'FINISH_REASON_UNSPECIFIED', logprobsResult } = candidate;
  const parts = content?.parts ?? [];
  const hasCalls = parts.some(({ functionCall }) => functionCall !== undefined);
  return {
    index,
    message: toMessage(parts, head.id, (call) => callId(head, index, call)),
    logprobs: logprobsResult ? toLogprobs(logprobsResult) : null,
    finish_reason: toFinishReason(finishReason, hasCalls),
    native_finish_reason: finishReason,
    ...ownFieldsOf(candidate),
  };
}

function toMessage(parts: readonly Part[], id: string, idOf: (call: number) => string): JsonObject {
  const of = (kind: PartKind): readonly Part[] => parts.filter((part) => kindOf(part) === kind);
  const said = of('text').map(({ text = '' }) => text);
  const thoughts = of('thought').map(({ text = '' }) => text);
  const calls = of('call').map((part, index) => toToolCall(part, idOf(index)));
  const images = of('image').map(toImage);
  const [audio] = of('audio');
  const code = of('code');
  const others = of('other');
  const signature = parts.findLast(({ functionCall, thoughtSignature }) => functionCall === undefined && thoughtSignature !== undefined)?.thoughtSignature;
  return {
    role: 'assistant',
    content: said.length > 0 ? said.join('') : null,
    refusal: null,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(images.length > 0 && { images }),
    ...(audio && { audio: toAudio(id, audio) }),
    ...(others.length > 0 && { content_parts: others }),
    ...(code.length > 0 && { code_execution: code }),
    ...withSignature(signature),
  };
}

function toToolCall({ functionCall, thoughtSignature }: Part, id: string): JsonObject {
  const { id: own = id, name = '', args = {} } = functionCall ?? {};
  return { id: own, type: 'function', function: { name, arguments: JSON.stringify(args) }, ...withSignature(thoughtSignature) };
}

/** Gemini gave no candidates because of what it was asked. */
function blocked(feedback: NonNullable<GenerateContentResponse['promptFeedback']>): JsonObject {
  const message = { role: 'assistant', content: null, refusal: blockedText(feedback) };
  return { index: 0, message, logprobs: null, finish_reason: 'content_filter', native_finish_reason: feedback.blockReason };
}
