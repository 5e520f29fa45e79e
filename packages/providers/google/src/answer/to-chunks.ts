import type { JsonObject, ProviderCall, WireEvent } from '@sluice/core';
import { withSignature } from '../extra-content.ts';
import type { Candidate, FunctionCall, GenerateContentResponse, Part } from '../wire.ts';
import { blockedText, feedbackOf, kindOf, ownFieldsOf, toAudio, toImage } from './extras.ts';
import { toFinishReason } from './finish-reason.ts';
import { callId, type Head, toHead } from './head.ts';
import { PartialArgs } from './partial-args.ts';
import { toLogprobs } from './to-logprobs.ts';
import { searchesFor, tierOf, toUsage } from './to-usage.ts';

/** A call whose arguments are still coming. */
type OpenCall = { readonly index: number; readonly args: PartialArgs };

const CHUNK = 'chat.completion.chunk';
const MAY_BE_LAST = /"(?:finishReason|blockReason)"/;

/** A fresh mapper for one stream: every event holds a candidate with what is new since the one before. */
export function toChunks({ deployment }: ProviderCall): (event: WireEvent) => readonly JsonObject[] {
  let head: Head | undefined;
  let hasBegun = false;
  let calls = 0;
  let searches = 0;
  let open: OpenCall | undefined;

  return ({ data }) => {
    const answer = JSON.parse(data) as GenerateContentResponse;
    head ??= toHead(answer, deployment);
    const { candidates, promptFeedback, usageMetadata } = answer;
    const feedback = feedbackOf(answer);
    const [candidate] = candidates ?? [];
    const chunks = candidate ? fromCandidate(candidate, head) : promptFeedback?.blockReason === undefined ? [] : blocked(promptFeedback, head);
    // Later events tell of earlier searches again.
    searches = Math.max(searches, searchesFor(candidates, head.model));
    const usage = toUsage(usageMetadata, searches);
    if (!usage) return chunks;
    const told = { ...tierOf(usageMetadata), ...feedback, usage };
    // Every event tells the totals so far; callers are told those of the last.
    return [...chunks, ...(isFinal(answer) ? [{ ...head, object: CHUNK, choices: [], ...told }] : []), { object: 'usage', ...told }];
  };

  function fromCandidate(candidate: Candidate, at: Head): JsonObject[] {
    const { content, finishReason, logprobsResult } = candidate;
    const deltas = (content?.parts ?? []).flatMap((part) => toDeltas(part, at));
    if (finishReason !== undefined) deltas.push(...closeCall());
    if (!hasBegun && deltas.length === 0) deltas.push({ content: '' });
    const beside = { ...(logprobsResult && { logprobs: toLogprobs(logprobsResult) }), ...ownFieldsOf(candidate) };
    const chunks = deltas.map((delta) => chunk(at, begin(delta)));
    if (finishReason !== undefined) return [...chunks, finish(at, toFinishReason(finishReason, calls > 0), { native_finish_reason: finishReason, ...beside })];
    return Object.keys(beside).length > 0 ? [...chunks, chunk(at, {}, beside)] : chunks;
  }

  function blocked(feedback: NonNullable<GenerateContentResponse['promptFeedback']>, at: Head): JsonObject[] {
    const refusal = chunk(at, begin({ content: null, refusal: blockedText(feedback) }));
    return [refusal, finish(at, 'content_filter', { native_finish_reason: feedback.blockReason })];
  }

  function begin(delta: JsonObject): JsonObject {
    if (hasBegun) return delta;
    hasBegun = true;
    return { role: 'assistant', ...delta };
  }

  function toDeltas(part: Part, at: Head): JsonObject[] {
    const { text = '', thoughtSignature: signature, functionCall = {} } = part;
    const signed = withSignature(signature);
    switch (kindOf(part)) {
      case 'call':
        return fromCall(functionCall, signature, at);
      case 'image':
        return [{ images: [toImage(part)], ...signed }];
      case 'audio':
        return [{ audio: toAudio(at.id, part), ...signed }];
      case 'code':
        return [{ code_execution: [part], ...signed }];
      case 'other':
        return [{ content_parts: [part], ...signed }];
      case 'thought':
        return text === '' && signature === undefined ? [] : [{ reasoning_content: text, ...signed }];
      default:
        return text === '' && signature === undefined ? [] : [{ content: text, ...signed }];
    }
  }

  /** A name begins a call; its arguments follow at once, or in pieces until one says no more of going on. */
  function fromCall({ id, name, args, partialArgs, willContinue }: FunctionCall, signature: string | undefined, at: Head): JsonObject[] {
    const deltas: JsonObject[] = [];
    if (name !== undefined) {
      deltas.push(...closeCall());
      const index = calls;
      calls += 1;
      const isWhole = willContinue !== true && partialArgs === undefined;
      const text = isWhole ? JSON.stringify(args ?? {}) : '';
      if (!isWhole) open = { index, args: new PartialArgs() };
      deltas.push({
        tool_calls: [{ index, id: id ?? callId(at, 0, index), type: 'function', function: { name, arguments: text }, ...withSignature(signature) }],
      });
    }
    if (partialArgs) open?.args.add(partialArgs);
    if (willContinue !== true) deltas.push(...closeCall());
    return deltas;
  }

  function closeCall(): JsonObject[] {
    if (!open) return [];
    const { index, args } = open;
    open = undefined;
    return [{ tool_calls: [{ index, function: { arguments: args.toJson() } }] }];
  }
}

/** A stream is complete with the reason why its candidate ended, or why there is none. */
export function isLast({ data }: WireEvent): boolean {
  return MAY_BE_LAST.test(data) && isFinal(JSON.parse(data) as GenerateContentResponse);
}

function isFinal({ candidates, promptFeedback }: GenerateContentResponse): boolean {
  return candidates?.[0]?.finishReason !== undefined || promptFeedback?.blockReason !== undefined;
}

function chunk(head: Head, delta: JsonObject, beside: JsonObject = {}): JsonObject {
  return { ...head, object: CHUNK, choices: [{ index: 0, delta, ...beside, finish_reason: null }] };
}

function finish(head: Head, reason: string, beside: JsonObject): JsonObject {
  return { ...head, object: CHUNK, choices: [{ index: 0, delta: {}, ...beside, finish_reason: reason }] };
}
